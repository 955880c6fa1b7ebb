//go:build !crashclock

package main

import "time"

// clock is the machine's. A build with the tag crashclock has one that a test
// sets; what is delivered has not.
func clock() func() time.Time { return time.Now }

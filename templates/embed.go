// Package templates holds everything a person sees, as data: the letter, the
// reader's pages, the desk, and the words of the interface.
package templates

import "embed"

// FS holds the built-in templates; `--templates DIR` replaces single files of
// it by their path.
//
//go:embed email site desk assets locales
var FS embed.FS

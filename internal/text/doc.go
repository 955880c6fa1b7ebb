// Package text knows what a machine can know of a French or English text
// without understanding it: its language, its sentences, words, names and
// numbers, and how long it takes to read. Everything is pure; offsets are byte
// offsets into the string that was given, so that s[Start:End] is always
// verbatim.
package text

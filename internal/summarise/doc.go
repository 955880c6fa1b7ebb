// Package summarise gives every story its headline and a few sentences in the
// reader's language. Without a model it extracts: each sentence is verbatim
// from one of the story's articles and says from where.
package summarise

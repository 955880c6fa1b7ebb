// Package compose makes one issue of ranked and summarised stories, within its
// budget. It is pure and says nothing itself: every word of an issue comes from
// the stories; what was left out is named by message keys.
package compose

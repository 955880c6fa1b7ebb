// Package story finds out which articles tell one story, where it belongs and
// how much it matters. Everything is pure: the same articles give the same
// stories in whatever order they come, and nothing is read but the data that
// is built in.
//
//	stories := story.Cluster(articles, constraints, story.Options{})
//	stories = story.Remember(stories, past, story.Options{})
//	stories = story.Relevant(stories)
//	stories = story.Theme(stories, themes)
//	stories = story.Rank(stories, story.RankOptions{Now: now})
package story

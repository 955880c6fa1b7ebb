// Package summarise gives every story its headline and a few sentences in the
// reader's language. Without a model it extracts: each sentence is verbatim
// from one of the story's articles and says from where.
//
// Of French articles it takes the set of sentences whose words an editor's
// summary is most likely to have. How likely a word is, and by how much sets of
// sentences do better or worse than their words, was learned from 6,000 French
// articles and the summaries their journalists wrote; only the numbers are
// here, in data/weights.gz, and one command makes them again:
//
//	go test ./internal/summarise -run TestTrain -train -timeout 1h
//
// Of other articles it takes the best sentences by plain marks.
package summarise

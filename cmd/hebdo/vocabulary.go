package main

import (
	"fmt"
	"os"

	"hebdo/internal/story"
)

// vocabulary is what articles are compared by: the built-in lists and those of
// the folder of the setting; nil without a folder.
func (c Config) vocabulary() (*story.Vocabulary, error) {
	if c.Vocabulary == "" {
		return nil, nil
	}
	known, err := story.Extend(os.DirFS(c.Vocabulary))
	if err != nil {
		return nil, usageError{fmt.Errorf("the folder %s of the setting vocabulary: %w", c.Vocabulary, err)}
	}
	return known, nil
}

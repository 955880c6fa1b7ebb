package story

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
)

// What the package knows of the field is data: word lists an editor can mend.
//
//go:embed data/*
var data embed.FS

// read gives the lines of a data file, without comments and blank lines.
func read(name string) []string {
	raw, err := data.ReadFile("data/" + name)
	if err != nil {
		panic("story: embedded data is missing: " + err.Error())
	}
	return entries(raw)
}

// readFrom reads a file of a folder likewise; a missing one has no lines.
func readFrom(folder fs.FS, name string) ([]string, error) {
	raw, err := fs.ReadFile(folder, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries(raw), err
}

func entries(raw []byte) []string {
	var out []string
	for _, line := range strings.Split(string(raw), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

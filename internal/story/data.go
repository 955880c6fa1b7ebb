package story

import (
	"embed"
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
	var out []string
	for _, line := range strings.Split(string(raw), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

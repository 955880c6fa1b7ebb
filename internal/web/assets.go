package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"hebdo/templates"
)

// assets are the files below /assets/ by name. A link made by URL names the
// content and may be kept for a year; any other is asked for again.
type assets map[string]asset

type asset struct {
	body []byte
	hash string
}

func loadAssets(overlay fs.FS) (assets, error) {
	names, err := fs.Glob(templates.FS, "assets/*.*")
	if err != nil {
		return nil, err
	}
	if overlay != nil { // a user's own pictures and style sheets come along
		more, err := fs.Glob(overlay, "assets/*.*")
		if err != nil {
			return nil, err
		}
		names = append(names, more...)
	}
	all := assets{}
	for _, name := range names {
		body, err := read(overlay, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		all[path.Base(name)] = asset{body, hex.EncodeToString(sum[:6])}
	}
	return all, nil
}

// URL is the address of an asset as it is now.
func (a assets) URL(name string) (string, error) {
	f, ok := a[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return "/assets/" + name + "?v=" + f.hash, nil
}

func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a[strings.TrimPrefix(r.URL.Path, "/assets/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == f.hash {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Header().Set("ETag", `"`+f.hash+`"`)
	http.ServeContent(w, r, path.Base(r.URL.Path), time.Time{}, bytes.NewReader(f.body))
}

// read gives a template's file: the user's, else the built-in one.
func read(overlay fs.FS, name string) ([]byte, error) {
	if overlay != nil {
		switch body, err := fs.ReadFile(overlay, name); {
		case err == nil:
			return body, nil
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
	}
	return fs.ReadFile(templates.FS, name)
}

package collect

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"hebdo/internal/digest"
)

const (
	maxFiles       = 5000
	maxFileBytes   = 10 << 20
	maxFolderBytes = 256 << 20 // of all files together: they are held until it is known which are new
)

// readFolder reads the *.txt, *.md, *.html and *.htm files of a folder and the
// folders in it, and the stories of the newsletters (*.eml) there. A file is one
// article by its name; when its bytes change, the article is revised. Hidden files and folders are passed over, and
// a link that leads out of the folder is refused.
func (c *Collector) readFolder(ctx context.Context, s digest.Source) harvest {
	h := harvest{dateless: true}
	root, err := os.OpenRoot(s.URL)
	if err != nil {
		h.fail("source.folder", s.URL, reason(err))
		return h
	}
	defer root.Close()
	files, held := 0, 0
	_ = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			h.note(digest.Warning, "file.unreadable", path.Join(s.URL, name), reason(err))
			return nil
		case name != "." && strings.HasPrefix(d.Name(), ".") && d.IsDir():
			return fs.SkipDir
		case d.IsDir(), strings.HasPrefix(d.Name(), "."), mediaType(name) == "":
			return nil
		}
		if files++; files > maxFiles || held > maxFolderBytes {
			h.note(digest.Warning, "source.toomany", s.URL, "")
			return fs.SkipAll
		}
		body, err := readFile(root, name)
		if err != nil {
			h.note(digest.Warning, "file.unreadable", path.Join(s.URL, name), reason(err))
			return nil
		}
		if held += len(body); mediaType(name) == mailType {
			finds, err := letterFinds(body)
			if err != nil {
				h.note(digest.Warning, "file.unreadable", path.Join(s.URL, name), reason(err))
			}
			h.finds = append(h.finds, finds...)
		} else if len(bytes.TrimSpace(body)) > 0 {
			h.finds = append(h.finds, fileFind(name, body))
		}
		return nil
	})
	if len(h.finds) == 0 && len(h.notes) == 0 {
		h.note(digest.Info, "source.empty", s.URL, "")
	}
	return h
}

var (
	errNotRegular = errors.New("it is not a regular file")
	errTooBig     = errors.New("it is larger than 10 MiB")
)

// readFile reads a regular file of at most 10 MiB. The root lets no link lead out.
func readFile(root *os.Root, name string) ([]byte, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for a writer
		return nil, errNotRegular
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err == nil && len(body) > maxFileBytes {
		err = errTooBig
	}
	return body, err
}

func fileFind(name string, body []byte) find {
	kind := mediaType(name)
	mark := hash(body)[:32]
	return find{seen: seenName(name), mark: func() string { return mark }, article: func() digest.Article {
		if kind != "text/html" { // a page names its character set itself
			body = decode(body, "")
		}
		return digest.Article{Raw: digest.Raw{Type: kind, Body: body}}
	}}
}

const mailType = "message/rfc822"

func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt":
		return "text/plain"
	case ".md":
		return "text/markdown"
	case ".html", ".htm":
		return "text/html"
	case ".eml":
		return mailType
	}
	return ""
}

// reason is an error without the path that the note names already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

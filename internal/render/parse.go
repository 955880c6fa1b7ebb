package render

import (
	"fmt"
	"html/template"
	"path"
	"slices"
	"strings"
	texttemplate "text/template"
	"text/template/parse"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

// set is every e-mail template, speaking one language.
type set struct {
	lang  digest.Language
	words *locale.Words
	html  *template.Template
	text  *texttemplate.Template
}

// parseAll reads all sources for one language and checks what can be checked
// without running them: that files of the user's own are used, and that every
// text they ask for exists.
func parseAll(sources []source, words *locale.Words) (*set, error) {
	fs := functions(words)
	s := &set{
		lang: words.Language, words: words,
		html: template.New("").Funcs(fs).Funcs(template.FuncMap{"conditional": conditional, "filler": filler, "breakable": breakable,
			"begin": markHTML(""), "instead": markHTML(digest.Instead), "over": func() template.HTML { return overHTML }}),
		text: texttemplate.New("").Funcs(fs).Funcs(texttemplate.FuncMap{"fill": fill, "item": item, "underline": underline,
			"begin": markText(""), "instead": markText(digest.Instead), "over": func() string { return overText }}),
	}
	for _, src := range sources {
		var err error
		if path.Ext(src.path) == ".txt" {
			_, err = s.text.New(src.path).Parse(src.text)
		} else {
			_, err = s.html.New(src.path).Parse(protect(src.text))
		}
		if err != nil {
			return nil, fmt.Errorf("e-mail %w", err)
		}
	}
	used := map[string]bool{}
	for _, tree := range s.trees() {
		if err := walk(tree, tree.Root, words, used); err != nil {
			return nil, err
		}
	}
	for _, src := range sources {
		if src.added && !used[src.path] && !s.defines(src.path) {
			return nil, fmt.Errorf("the template %s replaces no built-in one, and nothing calls it; those that can be replaced are %s", src.path, strings.Join(names(sources), ", "))
		}
	}
	return s, nil
}

func names(sources []source) []string {
	var all []string
	for _, s := range sources {
		if !s.added {
			all = append(all, s.path)
		}
	}
	slices.Sort(all)
	return all
}

// trees are the parsed templates of both kinds.
func (s *set) trees() []*parse.Tree {
	var all []*parse.Tree
	for _, t := range s.html.Templates() {
		if t.Tree != nil {
			all = append(all, t.Tree)
		}
	}
	for _, t := range s.text.Templates() {
		if t.Tree != nil {
			all = append(all, t.Tree)
		}
	}
	return all
}

// defines tells whether a file holds templates of other names than its own.
func (s *set) defines(file string) bool {
	return slices.ContainsFunc(s.trees(), func(t *parse.Tree) bool { return t.ParseName == file && t.Name != file })
}

// walk notes the templates that a tree calls, and fails on a {{t "key"}} whose
// text is missing.
func walk(tree *parse.Tree, node parse.Node, words *locale.Words, used map[string]bool) error {
	var children []parse.Node
	branch := func(b *parse.BranchNode) {
		children = append(children, b.Pipe, b.List)
		if b.ElseList != nil {
			children = append(children, b.ElseList)
		}
	}
	switch n := node.(type) {
	case *parse.ListNode:
		children = n.Nodes
	case *parse.ActionNode:
		children = []parse.Node{n.Pipe}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		used[n.Name] = true
		if n.Pipe != nil {
			children = []parse.Node{n.Pipe}
		}
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			children = append(children, c)
		}
	case *parse.CommandNode:
		if err := known(tree, n, words); err != nil {
			return err
		}
		children = n.Args
	}
	for _, c := range children {
		if err := walk(tree, c, words, used); err != nil {
			return err
		}
	}
	return nil
}

// known fails on a call of t that names a text which does not exist.
func known(tree *parse.Tree, c *parse.CommandNode, words *locale.Words) error {
	if len(c.Args) < 2 {
		return nil
	}
	name, ok := c.Args[0].(*parse.IdentifierNode)
	key, isText := c.Args[1].(*parse.StringNode)
	if !ok || !isText || name.Ident != "t" || words.Has(key.Text) {
		return nil
	}
	place, _ := tree.ErrorContext(c)
	return fmt.Errorf("e-mail template: %s: there is no text %q in templates/locales", place, key.Text)
}

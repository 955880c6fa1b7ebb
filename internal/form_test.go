package internal_test

import (
	"go/ast"
	"go/token"
	"slices"
	"testing"
)

// Lines that a file, the middle one of all files, a function and the file with
// the differences of the databases may have. Tests may be longer.
const (
	maxLines    = 400
	medianLines = 110
	screen      = 75
	maxDialect  = 80
)

func TestFilesAndFunctionsStayShort(t *testing.T) {
	var sizes []int
	for _, s := range sources(t) {
		if s.suite() {
			continue
		}
		sizes = append(sizes, s.size)
		if s.size > maxLines {
			t.Errorf("%s has %d lines: at most %d", s.name, s.size, maxLines)
		}
		if s.name == "internal/store/dialect.go" && s.size > maxDialect {
			t.Errorf("%s has %d lines: at most %d", s.name, s.size, maxDialect)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; n > screen {
				t.Errorf("%s: %s has %d lines: a screen has %d", s.name, f.Name.Name, n, screen)
			}
		}
	}
	slices.Sort(sizes)
	if median := sizes[len(sizes)/2]; median > medianLines {
		t.Errorf("half of the files have more than %d lines: %d", medianLines, median)
	}
}

func TestContextsComeFirst(t *testing.T) {
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncType)
			if !ok || s.test {
				return true
			}
			for i, p := range f.Params.List {
				if sel, ok := p.Type.(*ast.SelectorExpr); ok && i > 0 && isName(sel.X, "context") && sel.Sel.Name == "Context" {
					t.Errorf("%s: a context stands behind other parameters", s.fset.Position(p.Pos()))
				}
			}
			return true
		})
	}
}

// The text of an error is for people: it changes, and servers put theirs in.
func TestNobodyReadsTheTextOfAnError(t *testing.T) {
	for _, s := range sources(t) {
		if s.suite() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			fun, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !isName(fun.X, "strings") {
				return true
			}
			if said, ok := call.Args[0].(*ast.CallExpr); ok {
				if sel, ok := said.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Error" && len(said.Args) == 0 {
					t.Errorf("%s: use errors.Is or errors.As", s.fset.Position(call.Pos()))
				}
			}
			return true
		})
	}
}

// What stands outside all functions never changes: no state is hidden there.
func TestNoStateInGlobals(t *testing.T) {
	globals := map[string]map[string]bool{}
	all := sources(t)
	for _, s := range all {
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR || s.test {
				continue
			}
			for _, spec := range g.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if globals[s.room] == nil {
						globals[s.room] = map[string]bool{}
					}
					globals[s.room][name.Name] = true
				}
			}
		}
	}
	for _, s := range all {
		if s.suite() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			assign, ok := n.(*ast.AssignStmt)
			if !ok || assign.Tok == token.DEFINE {
				return true
			}
			for _, to := range assign.Lhs {
				name, ok := to.(*ast.Ident)
				if !ok || name.Name == "_" || !globals[s.room][name.Name] || name.Obj != nil && s.file.Scope.Objects[name.Name] != name.Obj {
					continue
				}
				t.Errorf("%s: %s is a global", s.fset.Position(name.Pos()), name.Name)
			}
			return true
		})
	}
}

// gorm's conveniences change data behind the caller's back.
func TestTheStoreLeavesTheMagicAlone(t *testing.T) {
	for _, s := range sources(t) {
		if s.room != "store" || s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"AutoMigrate", "Preload", "Association", "DeletedAt", "Unscoped"}, sel.Sel.Name) {
				t.Errorf("%s uses %s", s.name, sel.Sel.Name)
			}
			return true
		})
	}
}

func isName(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

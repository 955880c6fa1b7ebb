package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"hebdo/internal/digest"
)

// shapeFaults lists what in a YAML document does not have the shape of a
// struct: fields that it has not, and values of another kind. The decoder
// itself stops at the first, and speaks of Go.
func shapeFaults(node ast.Node, want reflect.Type, field string) []digest.Fault {
	if want.Kind() == reflect.Pointer {
		want = want.Elem()
	}
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return nil // left empty
	case *ast.AnchorNode:
		return shapeFaults(n.Value, want, field)
	case *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return nil // the decoder's to judge
	}
	wrong := func(what string) []digest.Fault {
		return []digest.Fault{{Field: field, Text: what}}
	}
	switch want.Kind() {
	case reflect.Struct:
		entries, ok := node.(ast.MapNode)
		if !ok {
			return wrong("must hold fields below it, each as name: value")
		}
		return fieldFaults(entries, want, field)
	case reflect.Slice:
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			return wrong("must be a list: [a, b], or a line with - for each")
		}
		var faults []digest.Fault
		for i, v := range list.Values {
			faults = append(faults, shapeFaults(v, want.Elem(), fmt.Sprintf("%s[%d]", field, i))...)
		}
		return faults
	}
	said := node.GetToken().Value
	switch _, scalar := node.(ast.ScalarNode); {
	case !scalar:
		return wrong("must be a single value")
	case want.Kind() == reflect.Int && node.Type() != ast.IntegerType:
		return wrong(fmt.Sprintf("%q: write a whole number", said))
	case want.Kind() == reflect.Float64 && node.Type() != ast.IntegerType && node.Type() != ast.FloatType:
		return wrong(fmt.Sprintf("%q: write a number", said))
	case want.Kind() == reflect.Bool && node.Type() != ast.BoolType:
		return wrong(fmt.Sprintf("%q: write true or false", said))
	}
	return nil
}

func fieldFaults(entries ast.MapNode, want reflect.Type, field string) []digest.Fault {
	types := map[string]reflect.Type{}
	var names []string
	for f := range want.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		types[name] = f.Type
		names = append(names, name)
	}
	var faults []digest.Fault
	for iter := entries.MapRange(); iter.Next(); {
		name := iter.Key().GetToken().Value
		full := strings.TrimPrefix(field+"."+name, ".")
		if t, ok := types[name]; ok {
			faults = append(faults, shapeFaults(iter.Value(), t, full)...)
		} else if iter.Key().Type() != ast.MergeKeyType {
			faults = append(faults, digest.Fault{Field: full, Text: "there is no such field; here are " + strings.Join(names, ", ")})
		}
	}
	return faults
}

package collect

import (
	"bytes"
	"regexp"
)

// entityDecl is a general entity of an internal DTD subset. Parameter and
// external entities are not read: nothing is ever fetched for them.
var entityDecl = regexp.MustCompile(`<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>`)

var entityRef = regexp.MustCompile(`&[A-Za-z_][\w.-]*;`)

// maxExpansion bounds what entities may add to a document, in bytes.
const maxExpansion = 1 << 20

// expandEntities replaces the entities a document defines for itself, once:
// an entity within an entity stays as it is, so that none can grow without
// bound ("billion laughs").
func expandEntities(doc []byte) []byte {
	subset := doc[:min(len(doc), 32<<10)]
	if !bytes.Contains(subset, []byte("<!ENTITY")) {
		return doc
	}
	values := map[string][]byte{}
	for _, m := range entityDecl.FindAllSubmatch(subset, 200) {
		value := m[2]
		if value == nil {
			value = m[3]
		}
		values["&"+string(m[1])+";"] = value
	}
	head := bytes.Index(doc, []byte("]>"))
	if head < 0 {
		return doc
	}
	left := maxExpansion
	out := entityRef.ReplaceAllFunc(doc[head+2:], func(ref []byte) []byte {
		value, ok := values[string(ref)]
		if !ok || len(value) > left {
			return ref
		}
		left -= len(value)
		return value
	})
	return append(dropDoctype(doc[:head+2]), out...)
}

// dropDoctype keeps what stands before the document type declaration.
func dropDoctype(head []byte) []byte {
	if i := bytes.Index(head, []byte("<!DOCTYPE")); i >= 0 {
		return bytes.Clone(head[:i])
	}
	return bytes.Clone(head)
}

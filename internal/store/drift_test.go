package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm/schema"

	"hebdo/internal/store"
)

func TestRowsAndTablesSayTheSameInSQLite(t *testing.T) {
	checkDrift(t, openSQLite(t, options()))
}

func TestRowsAndTablesSayTheSameInPostgres(t *testing.T) {
	checkDrift(t, openPostgres(t, options()))
}

// checkDrift compares the migrated schema with the row structs: the same
// tables, the same columns, types that go together, and no column that may be
// NULL, since no field of a row can tell it from its zero.
func checkDrift(t *testing.T, s *store.Store) {
	tables, err := s.DB().Migrator().GetTables()
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]*schema.Schema{}
	for _, row := range store.Rows() {
		parsed, err := schema.Parse(row, &sync.Map{}, s.DB().NamingStrategy)
		if err != nil {
			t.Fatal(err)
		}
		rows[parsed.Table] = parsed
	}
	tables = slices.DeleteFunc(tables, func(name string) bool { return name == "goose_db_version" || strings.HasPrefix(name, "sqlite_") })
	slices.Sort(tables)
	if diff := cmp.Diff(tables, slices.Sorted(maps.Keys(rows))); diff != "" {
		t.Errorf("tables of the migrations (-) and of the rows (+):\n%s", diff)
	}
	for table, row := range rows {
		var columns []struct {
			Name, Type string
			Full       bool // never NULL
		}
		query := `SELECT name, type, "notnull" AS "full" FROM pragma_table_info(?)`
		if s.DB().Name() == "postgres" {
			query = `SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AS "full"
				FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ?`
		}
		if err := s.DB().Raw(query, table).Scan(&columns).Error; err != nil {
			t.Fatal(err)
		}
		have, want := map[string]string{}, map[string]string{}
		for _, c := range columns {
			have[c.Name] = family(c.Type)
			if !c.Full {
				t.Errorf("%s.%s may be NULL", table, c.Name)
			}
		}
		for _, f := range row.Fields {
			want[f.DBName] = kindOf(f)
		}
		if diff := cmp.Diff(have, want); diff != "" {
			t.Errorf("%s: columns of the migrations (-) and of the row (+):\n%s", table, diff)
		}
	}
}

// family is what a database's type is to Go.
func family(databaseType string) string {
	switch strings.ToLower(databaseType) {
	case "integer", "bigint":
		return "integer"
	case "double precision", "real":
		return "float"
	case "boolean":
		return "bool"
	case "blob", "bytea":
		return "bytes"
	}
	return strings.ToLower(databaseType)
}

func kindOf(f *schema.Field) string {
	switch {
	case f.Serializer != nil || f.FieldType.Kind() == reflect.String:
		return "text"
	case f.FieldType == reflect.TypeFor[[]byte]():
		return "bytes"
	case f.FieldType.Kind() == reflect.Bool:
		return "bool"
	case f.FieldType.Kind() == reflect.Float64:
		return "float"
	case f.FieldType.Kind() == reflect.Int || f.FieldType.Kind() == reflect.Int64:
		return "integer"
	}
	return f.FieldType.String()
}

func TestEveryRowIsChecked(t *testing.T) {
	var listed []string
	for _, row := range store.Rows() {
		listed = append(listed, reflect.TypeOf(row).Name())
	}
	var found []string
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range files {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "TableName" {
				found = append(found, f.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	slices.Sort(listed)
	slices.Sort(found)
	if diff := cmp.Diff(found, listed); diff != "" {
		t.Errorf("rows in the files (-) and in Rows (+):\n%s", diff)
	}
}

// An upsert names its columns one by one: a new one is easily forgotten.
func TestAnUpsertWritesEveryColumnButTheKey(t *testing.T) {
	fixed := map[string][]string{
		"newsletters": {"slug"}, "source_states": {"source_id"}, "subscriptions": {"id", "newsletter", "subscriber_id", "created"},
	}
	for _, row := range store.Rows() {
		parsed, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		written, ok := store.UpsertColumns()[parsed.Table]
		if !ok {
			continue
		}
		all := slices.Sorted(slices.Values(append(slices.Clone(written), fixed[parsed.Table]...)))
		if diff := cmp.Diff(slices.Sorted(slices.Values(parsed.DBNames)), all); diff != "" {
			t.Errorf("%s: columns of the row (-) and of the upsert (+):\n%s", parsed.Table, diff)
		}
	}
}

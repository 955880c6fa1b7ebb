package audience_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
)

// Moved by CSV, an installation would otherwise send readers the themes they
// left out. What a file does not say of them stays as it was.
func TestWhoLeavesThemesOutDoesSoInAnotherHouse(t *testing.T) {
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			old, other := enter(t, open(t)), enter(t, open(t))
			nl := week
			nl.Themes = []digest.Theme{{ID: "models"}, {ID: "law"}, {ID: "chips"}, {ID: digest.OtherTheme}}
			load := func(h house, file string) {
				t.Helper()
				if report, err := h.book.Import(t.Context(), nl, strings.NewReader(file), audience.ImportOptions{}); err != nil || report.Activated == 0 {
					t.Fatalf("%+v, %v\n%s", report, err, file)
				}
			}
			left := func(h house, address, want string) {
				t.Helper()
				if sub, err := h.store.SubscriptionOf(t.Context(), week.Slug, address); err != nil || sub.Without != want {
					t.Errorf("%s leaves out %q, want %q; %v", address, sub.Without, want, err)
				}
			}
			load(old, "E-mail;Consentement;Thèmes exclus\nada@example.org;2024-01-01;law, chips\nbea@example.org;2024-01-01;\n")
			left(old, "ada@example.org", "law chips")
			var out strings.Builder
			nl.Themes = slices.Delete(nl.Themes, 2, 3) // so that the other house does not have it
			if err := old.book.Export(t.Context(), nl, &out); err != nil {
				t.Fatal(err)
			}
			load(other, out.String())
			left(other, "ada@example.org", "law")
			left(other, "bea@example.org", "")
			for _, again := range []struct{ head, cell, want string }{
				{"email,consent", "", "law"},
				{"email,consent,without_themes", ",", "law"},
				{"email,consent,without_themes", ",models", "models"},
			} {
				sub, err := other.store.SubscriptionOf(t.Context(), week.Slug, "ada@example.org")
				if err == nil {
					_, err = other.book.Unsubscribe(t.Context(), sub.ID)
				}
				if err != nil {
					t.Fatal(err)
				}
				load(other, again.head+"\nada@example.org,"+time.Now().Add(time.Hour).Format(time.RFC3339)+again.cell+"\n")
				left(other, "ada@example.org", again.want)
			}
		})
	}
}

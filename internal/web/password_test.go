package web

import (
	"crypto/rand"
	"strings"
	"testing"
)

func TestPasswords(t *testing.T) {
	phc, err := HashPassword("Éléphant à midi", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Errorf("hash %s", phc)
	}
	for password, want := range map[string]bool{
		"Éléphant à midi":                   true,
		"E\u0301le\u0301phant a\u0300 midi": true, // another keyboard writes the accents apart
		"Elephant a midi":                   false,
		"":                                  false,
		strings.Repeat("x", 5000):           false,
	} {
		if ok, err := CheckPassword(phc, password); ok != want || err != nil {
			t.Errorf("%.20q: %v, %v", password, ok, err)
		}
	}
	again, err := HashPassword("Éléphant à midi", rand.Reader)
	if err != nil || again == phc {
		t.Errorf("the same salt twice, or %v", err)
	}
}

func TestNobodysHashIsOfTheUsualCostAndMatchesNothing(t *testing.T) {
	c, _, _, err := parsePHC(nobody)
	if err != nil || c != usual {
		t.Errorf("%+v, %v", c, err)
	}
	if ok, err := CheckPassword(nobody, ""); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestPasswordsThatAreRefused(t *testing.T) {
	for _, p := range []string{"", "short", "éééééééé9", strings.Repeat("x", maxPassword+1)} {
		if _, err := HashPassword(p, rand.Reader); err == nil {
			t.Errorf("%.12q was accepted", p)
		}
	}
	if _, err := HashPassword("long enough", strings.NewReader("few")); err == nil {
		t.Error("no salt, yet a hash")
	}
}

func TestHashesThatAreNoneOrCostTooMuch(t *testing.T) {
	good, err := hash("x", strings.NewReader(strings.Repeat("s", 16)), cost{8, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := CheckPassword(good, "x"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for _, bad := range []string{
		"", "x", "$2a$10$abcdefghijklmnopqrstuv", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=8", "m=99999999", 1), strings.Replace(good, "m=8", "m=1", 1), strings.Replace(good, "t=1", "t=1000", 1),
		strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "t=1", "t=0", 1), good + "!", strings.TrimRight(good, "$") + "$extra",
	} {
		if _, err := CheckPassword(bad, "x"); err == nil {
			t.Errorf("%q was taken for a hash", bad)
		}
	}
}

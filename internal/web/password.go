package web

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// MinPassword is the fewest characters an editor's password may have.
const MinPassword = 10

const maxPassword = 1024 // bytes

// cost is how hard a password is to guess.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// usual is the second choice of RFC 9106, 4 (for machines without 2 GiB to
// spare): 64 MiB, three passes, four lanes.
var usual = cost{memory: 64 << 10, passes: 3, threads: 4}

// nobody is what a password is compared with when the address is unknown, so
// that the answer takes as long. It is of the usual cost; no password matches.
const nobody = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9ib2Q$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// HashPassword makes the PHC string that is stored of a password, with salt
// from rand (crypto/rand.Reader). It refuses a password of fewer than
// MinPassword characters or more than 1,024 bytes.
func HashPassword(password string, rand io.Reader) (string, error) {
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return "", fmt.Errorf("the password has fewer than %d characters", MinPassword)
	case len(password) > maxPassword:
		return "", fmt.Errorf("the password is longer than %d bytes", maxPassword)
	}
	return hash(password, rand, usual)
}

func hash(password string, rand io.Reader, c cost) (string, error) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(rand, salt); err != nil {
		return "", fmt.Errorf("salt for a password: %w", err)
	}
	key := derive(password, salt, c, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads, b64(salt), b64(key)), nil
}

// CheckPassword compares a password with a stored PHC string in constant
// time. It fails when the string is none that this program would make or
// could afford (at most 1 GiB and 16 passes).
func CheckPassword(phc, password string) (bool, error) {
	c, salt, key, err := parsePHC(phc)
	if err != nil {
		return false, err
	}
	if len(password) > maxPassword {
		password = "" // never stored: takes as long, matches nothing
	}
	return subtle.ConstantTimeCompare(key, derive(password, salt, c, uint32(len(key)))) == 1, nil
}

// derive takes the password in the form NFC: keyboards differ in how they
// write an accent (RFC 8265, 4.2).
func derive(password string, salt []byte, c cost, length uint32) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.passes, c.memory, c.threads, length)
}

var errPHC = errors.New("the stored password is no argon2id hash in PHC form: set it anew with hebdo admin")

func parsePHC(phc string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil {
		return c, nil, nil, errPHC
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 ||
		c.memory < 8 || c.memory > 1<<20 || c.passes < 1 || c.passes > 16 || c.threads < 1 {
		return c, nil, nil, errPHC
	}
	return c, salt, key, nil
}

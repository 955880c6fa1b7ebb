package mail_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
)

// A no at any command is told apart by its code and by what it is about: the
// whole session, or this mail. In none of them has the mail perhaps arrived.
func TestRefusalAtEveryCommand(t *testing.T) {
	codes := map[int]string{421: "4.3.2", 451: "4.3.0", 550: "5.7.1", 554: "5.7.1"}
	for _, extension := range []string{"8BITMIME", "PIPELINING"} {
		for _, at := range []string{"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."} {
			for code, enhanced := range codes {
				t.Run(fmt.Sprint(extension, " ", at, " ", code), func(t *testing.T) {
					t.Parallel()
					opt := raw(t, func(c net.Conn, in *bufio.Scanner) {
						no := fmt.Sprintf("%d-%s not\r\n%d %s now\r\n", code, enhanced, code, enhanced)
						said := func(command, yes string) {
							if command == at || at == "EHLO" && command == "HELO" {
								yes = no
							}
							fmt.Fprint(c, yes)
						}
						said("greeting", "220 mail.invalid\r\n")
						for in.Scan() {
							switch word := strings.ToUpper(strings.Fields(in.Text() + " -")[0]); word {
							case "EHLO":
								said(word, "250-mail.invalid\r\n250-AUTH PLAIN\r\n250 "+extension+"\r\n")
							case "AUTH":
								said(word, "235 2.7.0 welcome\r\n")
							case "DATA":
								said(word, "354 go on\r\n")
								if at == "." {
									for in.Scan() && in.Text() != "." {
									}
									said(".", "")
								}
							case "RSET", "QUIT", "NOOP":
								fmt.Fprint(c, "250 ok\r\n")
							default:
								said(word, "250 2.1.0 ok\r\n")
							}
						}
					})
					if at == "AUTH" {
						opt.Username, opt.Password = "hebdo", "secret-word"
					}
					sender, err := mail.New(opt)
					if err != nil {
						t.Fatal(err)
					}
					defer sender.Close()
					err = sender.Send(t.Context(), letter())
					var r digest.Refusal
					if !errors.As(err, &r) || errors.Is(err, digest.ErrPerhapsAccepted) {
						t.Fatalf("no refusal: %v", err)
					}
					session := at == "greeting" || at == "EHLO" || at == "AUTH" || at == "MAIL" && code == 421
					if r.Code != code || r.Enhanced != enhanced || r.Permanent != (code >= 500) || r.Connection != session || r.Text != "not now" || r.Bounces() {
						t.Errorf("%#v", r)
					}
				})
			}
		}
	}
}

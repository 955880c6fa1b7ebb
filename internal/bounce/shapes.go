package bounce

import (
	"regexp"
	"strings"

	"hebdo/internal/digest"
)

// shape is how a mail server writes a bounce in words. A message has the shape
// when it comes from a mail system and one of the phrases stands in it.
type shape struct {
	phrases []string // lower case, one space for any space
	kind    digest.ReturnKind
}

// shapes in the order in which they are tried: what is still being tried comes
// first, because such a warning quotes the words of a failure.
var shapes = []shape{
	{[]string{ // Exim, Postfix, Gmail, Exchange: not yet
		"you do not need to resend your message", "this is a warning message only", "this is a warning only",
		"delivery incomplete", "has not yet been delivered", "will be retried", "delivery attempts will continue to be made",
		"gmail will retry", "this message hasn't been delivered yet", "delivery will continue to be attempted", "no action is required on your part",
	}, digest.ReturnDelayed},
	{[]string{"i'm afraid i wasn't able to deliver your message to the following addresses"}, digest.ReturnFailed}, // qmail
	{[]string{ // Exim
		"a message that you sent could not be delivered to one or more of its recipients",
		"could not be delivered to all of its recipients",
	}, digest.ReturnFailed},
	{[]string{ // Postfix
		"could not be delivered to one or more recipients", "your message could not be delivered",
	}, digest.ReturnFailed},
	{[]string{ // Gmail
		"delivery to the following recipient failed permanently", "your message wasn't delivered to",
		"votre message n'a pas été remis", "votre message n'est pas parvenu",
	}, digest.ReturnFailed},
	{[]string{ // Exchange
		"delivery has failed to these recipients or groups", "your message did not reach some or all of the intended recipients",
		"échec de la remise pour ces destinataires ou groupes", "votre message n'a pas été transmis", "couldn't be delivered to",
		"the following recipient(s) cannot be reached", "the following recipient(s) could not be reached",
	}, digest.ReturnFailed},
	{[]string{ // Sendmail and others
		"the following addresses had permanent fatal errors", "the following address failed", "the following addresses failed",
		"this is a permanent error", "permanent failure for one or more recipients", "undeliverable message returned to sender",
	}, digest.ReturnFailed},
}

var (
	atLine  = regexp.MustCompile(`(?m)^[ \t]*<?([^\s<>:;,"'()]+@[^\s<>:;,"'()]+?)>?:?(?:[ \t(].*)?$`)
	atQuote = regexp.MustCompile(`[<'"(]([^\s<>:;,"'()]+@[^\s<>:;,"'()]+)[>'")]`)
	inWords = regexp.MustCompile(`(?i)(?:delivered to|remis (?:à|a)|reach) ([^\s<>:;,"'()]+@[^\s<>:;,"'()]+[a-z0-9])`)
)

// shaped reads a bounce that is written for people. False: it is none of the
// known shapes, or not from a mail system.
func (m *letter) shaped() (digest.Returned, bool) {
	failed := m.header.Get("X-Failed-Recipients")
	if failed == "" && !m.fromSystem() {
		return digest.Returned{}, false
	}
	own := m.text
	for _, mark := range marks {
		own, _, _ = strings.Cut(own, mark)
	}
	words := strings.ToLower(strings.ReplaceAll(strings.Join(strings.Fields(own), " "), "’", "'"))
	for _, s := range shapes {
		for _, phrase := range s.phrases {
			if strings.Contains(words, phrase) {
				return m.asShaped(s.kind, failed, own), true
			}
		}
	}
	return digest.Returned{}, false
}

func (m *letter) asShaped(kind digest.ReturnKind, failed, own string) digest.Returned {
	out := digest.Returned{Kind: kind, MessageID: m.messageID()}
	first, _, _ := strings.Cut(failed, ",")
	out.Address = bare(first)
	if out.Address == "" {
		out.Address = bare(field(m.returnedHeader, "To"))
	}
	for _, pattern := range []*regexp.Regexp{atLine, inWords, atQuote} {
		if found := pattern.FindStringSubmatch(own); out.Address == "" && found != nil {
			out.Address = bare(found[1])
		}
	}
	if kind == digest.ReturnFailed {
		out.Refusal = digest.ReadRefusal("", said(own))
		out.Refusal.Domain = domain(out.Address)
	}
	return out
}

// said is the part of a bounce that holds the server's reply: from the first
// line with a reply code, else from the first with an enhanced one, else from
// the line after the address.
func said(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for _, want := range []func(string) bool{
		func(l string) bool {
			return digest.ReplyCode(l) && !strings.Contains(l, "@") || digest.ReplyCode(l) && digest.EnhancedCode(l) != ""
		},
		digest.ReplyCode,
		func(l string) bool { return digest.EnhancedCode(l) != "" },
		atLine.MatchString,
	} {
		for i, line := range lines {
			if want(line) {
				return paragraph(lines[i:])
			}
		}
	}
	return summary(text)
}

// paragraph joins lines up to the first empty one.
func paragraph(lines []string) string {
	var out []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		out = append(out, line)
	}
	return strings.Join(out, " ")
}

// summary is the beginning of a text on one line.
func summary(text string) string { return digest.Clip(strings.Join(strings.Fields(text), " ")) }

// fromSystem tells whether a mail system wrote the message: bounces come from
// the empty return address (RFC 5321, 4.5.5) or from a postmaster.
func (m *letter) fromSystem() bool {
	if strings.TrimSpace(m.header.Get("Return-Path")) == "<>" {
		return true
	}
	from := strings.ToLower(m.header.Get("From"))
	for _, name := range []string{"mailer-daemon", "postmaster@", "mail delivery s", "microsoft outlook <", "microsoftexchange", "mailerdaemon"} {
		if strings.Contains(from, name) {
			return true
		}
	}
	return false
}

// automatic tells whether no person wrote the message: by Auto-Submitted (RFC
// 3834, 5), the fields that were used before it, or the subject that mail
// programs give an absence. Receipts that a letter was read (RFC 8098) are too.
func (m *letter) automatic() bool {
	if v := strings.ToLower(strings.TrimSpace(m.header.Get("Auto-Submitted"))); v != "" && v != "no" {
		return true
	}
	for _, name := range []string{"X-Autoreply", "X-Autorespond", "X-Autogenerated", "X-Autoresponder", "X-MS-Exchange-Inbox-Rules-Loop"} {
		if v := m.header.Get(name); v != "" && !strings.EqualFold(v, "no") {
			return true
		}
	}
	switch strings.ToLower(strings.TrimSpace(m.header.Get("Precedence"))) {
	case "auto_reply", "auto-reply", "junk":
		return true
	}
	if m.kind == "multipart/report" && strings.EqualFold(m.params["report-type"], "disposition-notification") {
		return true
	}
	subject, err := m.header.Text("Subject")
	if err != nil {
		subject = m.header.Get("Subject")
	}
	subject = strings.ToLower(strings.TrimSpace(subject))
	for _, start := range []string{
		"automatic reply", "réponse automatique", "reponse automatique", "out of office", "out of the office", "autoreply", "auto-reply",
		"auto:", "absence du bureau", "message d'absence", "abwesenheitsnotiz", "automatische antwort", "respuesta automática", "risposta automatica",
	} {
		if strings.HasPrefix(subject, start) {
			return true
		}
	}
	return false
}

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hebdo/internal/demo"
	"hebdo/internal/digest"
	"hebdo/internal/web"
)

// demoEditor may work at the desk of the demonstration.
const demoEditor = "redaction@example.org"

// demo is `hebdo demo`: the whole job on a built-in week.
func (c *console) demo() *cobra.Command {
	var dir, listen string
	cmd := &cobra.Command{Use: "demo", Short: c.t("demo.short"), Long: c.t("demo.long"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&dir, "out", "", c.t("flag.demo.out"))
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", c.t("flag.demo.listen"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.runDemo(cmd.Context(), theWorld(), dir, listen)
	}
	return cmd
}

// runDemo does the week's work in a world of its own and shows it, in dir or
// in the browser until ctx ends.
func (c *console) runDemo(ctx context.Context, out outside, dir, listen string) error {
	world, err := demo.Start(ctx, demo.Options{Now: out.now})
	if err != nil {
		return err
	}
	defer world.Close()
	home, err := os.MkdirTemp("", "hebdo-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	h, err := demoHouse(ctx, out, world, home)
	if err != nil {
		return err
	}
	defer h.Close()
	issue, err := c.demoWeek(ctx, h, world)
	if err != nil {
		return err
	}
	if dir != "" {
		return c.writeDemo(ctx, h, world, issue, dir)
	}
	listener, err := listenNear(ctx, listen)
	if err != nil {
		return err
	}
	return c.showDemo(ctx, h, world, issue, listener)
}

// listenNear takes any other port where somebody else has the one wanted.
func listenNear(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	if listener, err := config.Listen(ctx, "tcp", address); err == nil {
		return listener, nil
	}
	return config.Listen(ctx, "tcp", "127.0.0.1:0")
}

// demoHouse is the real program, pointed at the made-up world.
func demoHouse(ctx context.Context, out outside, world *demo.World, home string) (*house, error) {
	var config Config
	for _, s := range settings {
		if err := s.take(&config, s.preset); err != nil {
			return nil, fmt.Errorf("%s: %w", s.key, err)
		}
	}
	public, err := url.Parse(world.PublicURL())
	if err != nil {
		return nil, err
	}
	config.PublicURL = public
	config.DatabaseURL = "sqlite:" + filepath.Join(home, "demo.db")
	config.SMTP.Host, config.SMTP.Port = world.SMTP()
	config.SMTP.TLS = "none"
	out.fetch.Transport = world.Transport()
	out.fetch.Interval = -1 // its hosts are this machine: no pause is owed to them
	return build(ctx, config, out, slog.New(slog.DiscardHandler))
}

// demoWeek goes the way every week goes.
func (c *console) demoWeek(ctx context.Context, h *house, world *demo.World) (digest.Issue, error) {
	if err := h.store.SaveNewsletter(ctx, world.Newsletter()); err != nil {
		return digest.Issue{}, err
	}
	nl, err := h.store.Newsletter(ctx, world.Newsletter().Slug)
	if err != nil {
		return digest.Issue{}, err
	}
	readers := world.Subscribers()
	for i := range readers {
		readers[i].ID, readers[i].Subscriber.ID = h.out.newID(), h.out.newID()
	}
	if err := h.store.SaveSubscriptions(ctx, readers); err != nil {
		return digest.Issue{}, err
	}
	harvest, err := h.pipeline.Collect(ctx, nl)
	if err != nil {
		return digest.Issue{}, err
	}
	c.warn("demo.collected", "Sources", len(nl.Sources), "Found", harvest.Found)
	slot, err := h.handSlot(ctx, nl, false)
	if err != nil {
		return digest.Issue{}, err
	}
	issue, err := h.pipeline.Draft(ctx, nl, slot, harvest.Notes)
	if err != nil {
		return issue, err
	}
	c.notes(issue.Notes)
	c.warn("demo.drafted", "Count", issue.Stories(), "Themes", len(issue.Sections), "LeftOut", len(issue.LeftOut))
	if issue, err = h.pipeline.Approve(ctx, nl, issue.ID, issue.Version, demoEditor, ""); err != nil {
		return issue, err
	}
	c.warn("demo.approved", "Number", issue.Number, "Subject", issue.Fronts[nl.MainLanguage()].Subject)
	report, err := h.pipeline.Send(ctx, nl, issue.ID)
	if err != nil {
		return issue, err
	}
	c.warn("demo.sent", "Sent", report.Sent, "Refused", report.Refused)
	return h.store.Issue(ctx, issue.ID)
}

// showDemo keeps the pages up until ctx ends.
func (c *console) showDemo(ctx context.Context, h *house, world *demo.World, issue digest.Issue, listener net.Listener) error {
	defer listener.Close()
	password := rand.Text()[:12]
	hash, err := web.HashPassword(password, rand.Reader)
	if err != nil {
		return err
	}
	editor := digest.Editor{ID: h.out.newID(), Address: demoEditor, Password: hash, Language: c.words.Language, Created: h.out.now()}
	if err := h.store.SaveEditor(ctx, editor); err != nil {
		return err
	}
	here := "http://" + listener.Addr().String()
	pages, err := h.pages(false)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle("/inbox/", http.StripPrefix("/inbox", world.Inbox(here)))
	c.say("demo.open", "Inbox", here+"/inbox/", "Web", fmt.Sprintf("%s/%s/%d", here, issue.Newsletter, issue.Number),
		"Desk", here+"/desk/issues/"+issue.ID, "Address", demoEditor, "Password", password, "Site", world.SiteURL()+"/")
	return serveHTTP(ctx, listener, mux)
}

// writeDemo writes what was made into a folder.
func (c *console) writeDemo(ctx context.Context, h *house, world *demo.World, issue digest.Issue, dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "inbox"), 0o755); err != nil { //nolint:gosec // the demonstration has no secrets
		return err
	}
	nl, err := h.store.Newsletter(ctx, issue.Newsletter)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for name, format := range map[string]string{"issue.html": "html", "issue.txt": "text", "issue.json": "json"} {
		v := digest.Variant{Language: nl.MainLanguage(), Length: digest.Full}
		if files[name], err = h.show(ctx, nl, issue, v, format); err != nil {
			return err
		}
	}
	for i, m := range world.Mail() {
		files[filepath.Join("inbox", mailName(i+1, m))] = m.Data
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o644); err != nil { //nolint:gosec // as above
			return err
		}
	}
	c.say("demo.wrote", "Dir", dir, "Count", len(files))
	return nil
}

// mailName is the file of a received mail: its number, its reader, and for a
// letter (not the mail to the editor) its language.
func mailName(n int, m demo.Received) string {
	local, _, _ := strings.Cut(m.To, "@")
	name := fmt.Sprintf("%02d-%s", n, local)
	if parsed, err := netmail.ReadMessage(bytes.NewReader(m.Data)); err == nil && parsed.Header.Get("List-Id") != "" {
		name += "." + parsed.Header.Get("Content-Language")
	}
	return name + ".eml"
}

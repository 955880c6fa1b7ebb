package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hebdo/internal/collect"
	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// sourcesAdd adds what an address means, or what the starter list holds.
func (c *console) sourcesAdd() *cobra.Command {
	var slug, kind, name, lang, starter, links string
	var weight float64
	var choice int
	var yes bool
	cmd := &cobra.Command{Use: "add URL", Short: c.t("sources.add.short"), Long: c.t("sources.add.long"), Args: cobra.MaximumNArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&kind, "kind", "", c.t("flag.kind"))
	cmd.Flags().StringVar(&name, "name", "", c.t("flag.name"))
	cmd.Flags().StringVar(&lang, "language", "", c.t("flag.language"))
	cmd.Flags().Float64Var(&weight, "weight", 0, c.t("flag.weight"))
	cmd.Flags().StringVar(&links, "links", "", c.t("flag.links"))
	cmd.Flags().StringVar(&starter, "starter", "", c.t("flag.starter"))
	cmd.Flags().IntVar(&choice, "feed", 0, c.t("flag.feed"))
	cmd.Flags().BoolVar(&yes, "yes", false, c.t("flag.yes"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if (starter == "") == (len(args) == 0) {
			return usage("%s", c.t("sources.add.what"))
		}
		if starter != "" {
			return c.addStarter(cmd, slug, starter)
		}
		source := digest.Source{Kind: digest.SourceKind(kind), URL: args[0]}
		if kind == "" {
			found, err := c.discover(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			got, err := c.choose(found, choice, yes)
			if err != nil {
				return err
			}
			source = got.Source
		}
		if links != "" {
			source.Links = links
		}
		source.Name, source.Language, source.Weight = name, digest.Language(lang), weight
		return c.changeSources(cmd, slug, func(nl *digest.Newsletter) error {
			source.Newsletter = nl.Slug
			nl.Sources = append(nl.Sources, source)
			return nil
		})
	}
	return cmd
}

// discover finds what an address means. What an editor can mend is a usage
// error.
func (c *console) discover(ctx context.Context, given string) ([]collect.Candidate, error) {
	h, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	found, err := h.pipeline.Collector.Discover(ctx, given)
	var failure fetch.Failure
	if errors.As(err, &failure) && failure.Kind == fetch.KindPrivate {
		return nil, usage("%s", c.t("sources.add.private", "URL", failure.URL))
	}
	if err != nil && ctx.Err() == nil {
		return nil, usage("%s", c.t("sources.add.nothing", "URL", given, "Why", err.Error()))
	}
	return found, err
}

// choose takes the candidate that is meant: the one named by --feed, the only
// one, or the one that a person at the terminal picks.
func (c *console) choose(found []collect.Candidate, choice int, yes bool) (collect.Candidate, error) {
	switch {
	case choice < 0 || choice > len(found):
		return collect.Candidate{}, usage("%s", c.t("sources.add.range", "Count", len(found)))
	case choice > 0:
		return found[choice-1], nil
	case found[0].Sure, yes:
		return found[0], nil
	}
	for i, f := range found {
		fmt.Fprintf(c.err, "%d. ", i+1)
		c.describe(f, 3)
	}
	if !c.person() {
		return collect.Candidate{}, usage("%s", c.t("sources.add.choose", "Count", len(found)))
	}
	if n := c.askNumber(len(found)); n > 0 {
		return found[n-1], nil
	}
	return collect.Candidate{}, refusedError{errors.New(c.t("sources.add.none"))}
}

// askNumber asks for a number from 1 to most, again after what is none; 0: an
// empty answer, or the end of the input.
func (c *console) askNumber(most int) int {
	in := bufio.NewReader(c.in)
	for {
		fmt.Fprint(c.err, c.t("sources.add.ask", "Count", most)+" ")
		answer, err := in.ReadString('\n')
		answer = strings.TrimSpace(answer)
		if n, wrong := strconv.Atoi(answer); wrong == nil && n >= 1 && n <= most {
			return n
		}
		if answer == "" || err != nil {
			return 0
		}
	}
}

// describe shows a candidate to a person, with a few of its articles.
func (c *console) describe(f collect.Candidate, articles int) {
	place := ""
	if f.Place != "" {
		place = " (" + f.Place + ")"
	}
	fmt.Fprintf(c.err, "%s%s  %s\n", f.Source.Kind, place, fetch.Public(f.Source.URL))
	if f.Title != "" {
		fmt.Fprintf(c.err, "   %s\n", f.Title)
	}
	if f.Source.Links != "" {
		fmt.Fprintf(c.err, "   %s\n", c.t("sources.shape", "Links", f.Source.Links))
	}
	for _, a := range f.Articles[:min(articles, len(f.Articles))] {
		date := "          "
		if t := a.Published; !t.IsZero() {
			date = t.Format("2006-01-02")
		} else if t = a.Modified; !t.IsZero() { // a sitemap tells no other
			date = t.Format("2006-01-02")
		}
		fmt.Fprintf(c.err, "   %s  %s\n", date, cmp.Or(a.Title, a.URL, a.Seen)) // a file has its name
	}
	if more := f.Total - min(articles, len(f.Articles)); more > 0 {
		fmt.Fprintf(c.err, "   %s\n", c.t("sources.more", "Count", more))
	}
}

func (c *console) addStarter(cmd *cobra.Command, slug, languages string) error {
	var wanted []digest.Language
	for _, l := range strings.FieldsFunc(languages, func(r rune) bool { return r == ',' || r == ' ' }) {
		wanted = append(wanted, digest.Language(l))
	}
	sources, err := collect.Starter(wanted...)
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		return usage("%s", c.t("sources.starter.none", "Languages", languages))
	}
	return c.addAll(cmd, slug, sources)
}

// addAll adds the sources that the newsletter does not have yet.
func (c *console) addAll(cmd *cobra.Command, slug string, sources []digest.Source) error {
	return c.changeSources(cmd, slug, func(nl *digest.Newsletter) error {
		for _, s := range sources {
			if !slices.ContainsFunc(nl.Sources, func(o digest.Source) bool { return o.URL == s.URL }) {
				s.Newsletter = nl.Slug
				nl.Sources = append(nl.Sources, s)
			}
		}
		return nil
	})
}

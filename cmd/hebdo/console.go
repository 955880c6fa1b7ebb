package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

// console is where a command meets its caller: streams, environment, words.
type console struct {
	in       io.Reader
	out, err io.Writer // for people
	data     io.Writer // the same as out, for programs: nothing is left out
	getenv   func(string) string
	person   func() bool // whether somebody is there who can be asked
	words    *locale.Words
	given    map[string]*string // settings given as flags
	flags    map[string]string  // what flag gave one that must not be empty
	file     string             // --config
	steady   bool               // a server, not a command by hand
}

func newConsole(in io.Reader, out, err io.Writer, getenv func(string) string) *console {
	return &console{
		in: in, out: screen{out}, err: screen{err}, data: out, getenv: getenv, words: locale.For(spoken(getenv)), given: map[string]*string{}, flags: map[string]string{},
		person: func() bool { return terminal(in) },
	}
}

// spoken is the caller's language by the usual variables, English where they name none.
func spoken(getenv func(string) string) digest.Language {
	for _, name := range []string{"HEBDO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			tag, _, _ := strings.Cut(value, ".")
			if lang := digest.ParseLanguage(tag); lang != "" {
				return lang
			}
		}
	}
	return digest.English
}

// t says something in the caller's language.
func (c *console) t(key string, pairs ...any) string { return c.words.T("cli."+key, pairs...) }

// say prints a line of the result, or of progress, for a person.
func (c *console) say(key string, pairs ...any) { fmt.Fprintln(c.out, c.t(key, pairs...)) }

// warn prints a line that is not the result.
func (c *console) warn(key string, pairs ...any) { fmt.Fprintln(c.err, c.t(key, pairs...)) }

// print writes v as indented JSON.
func (c *console) print(v any) error {
	e := json.NewEncoder(c.data)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// printLine writes v as one line of JSON.
func (c *console) printLine(v any) error {
	e := json.NewEncoder(c.data)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// terminal tells whether a person watches the stream.
func terminal(w any) bool {
	if s, ok := w.(screen); ok {
		w = s.to
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// checked is a stream that remembers its first fault: most lines of a result are
// written without a look at what came of it, and a full disk must not pass for
// success.
type checked struct {
	io.Writer
	fault error
}

func (w *checked) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.fault = cmp.Or(w.fault, err)
	return n, err
}

// run executes one command line and returns its exit code.
func (c *console) run(ctx context.Context, args []string) int {
	result := &checked{Writer: c.out}
	c.out = result
	root := c.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = result.fault
	}
	code := exitCode(err)
	switch {
	case code == exitNothing && err == errNothing:
		fmt.Fprintln(c.err, c.t("nothing"))
	case err != nil && errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(c.err, c.t("interrupted"))
	case err != nil:
		fmt.Fprintln(c.err, "hebdo: "+err.Error())
	}
	return code
}

// root assembles the command line.
func (c *console) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "hebdo",
		Short:         c.t("short"),
		Long:          c.t("long"),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&c.file, "config", "", c.t("flag.config"))
	for _, s := range settings {
		value := new(string)
		c.given[s.key] = value
		root.PersistentFlags().StringVar(value, s.key, "", c.t("setting."+s.key))
		_ = root.PersistentFlags().MarkHidden(s.key)
	}
	root.AddCommand(
		c.demo(), c.initialise(), c.apply(), c.export(),
		c.collect(), c.draft(), c.preview(), c.approve(), c.reject(), c.send(), c.serve(),
		c.sources(), c.subscribers(), c.issues(), c.bounce(), c.doctor(), c.lab(), c.replay(), c.themes(),
		c.admin(), c.dkim(), c.configuration(), c.health(), c.migrate(), c.backup(), c.restore(), c.version(),
	)
	c.speakHelp(root)
	c.arguments(root)
	return root
}

// arguments makes wrong numbers of arguments a usage error in every command,
// and a word that is no command one in those that only group others.
func (c *console) arguments(cmd *cobra.Command) {
	if !cmd.Runnable() {
		cmd.Args = cobra.ArbitraryArgs // else cobra finds the fault, and it would look like a failure
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("%s", c.t("unknown", "Command", strings.TrimPrefix(cmd.CommandPath()+" "+args[0], "hebdo ")))
			}
			return cmd.Help()
		}
	}
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usageError{fmt.Errorf("%w\n\n%s", err, cmd.UsageString())}
			}
			if slices.Contains(args, "") { // such as by "$ISSUE", which does not mean the latest
				return usage("%s", c.t("blank", "Command", cmd.UseLine()))
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		c.arguments(sub)
	}
}

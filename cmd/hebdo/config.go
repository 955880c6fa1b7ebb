package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/spf13/cobra"
)

// defaultFile is read when it is there and no other is named.
const defaultFile = "hebdo.yaml"

// value is a setting as it is in force, and whence it came.
type value struct {
	setting setting
	text    string
	origin  string // "default", "hebdo.yaml:12", "HEBDO_SMTP_HOST", "--smtp.host"
}

// shown is the value without what must not be seen.
func (v value) shown() string {
	address := strings.HasSuffix(v.setting.key, "url") || v.setting.key == "smtp.relays"
	switch {
	case v.text == "", !v.setting.secret && !address, v.setting.key == "database.url" && strings.HasPrefix(v.text, "sqlite:"):
		return v.text
	case !v.setting.secret && !strings.ContainsAny(v.text, "@?"):
		return v.text
	case !address:
		return hidden
	}
	var all []string
	for _, word := range strings.Fields(v.text) {
		one, ok := redacted(word)
		if !ok {
			return hidden // all of it: the words may be pieces of one password with a space in it
		}
		all = append(all, one)
	}
	return strings.Join(all, " ")
}

// hidden stands for what is not shown.
const hidden = "********"

// harmless are the words after an address's question mark that hold no secret.
var harmless = []string{"weight", "rate", "connections", "tls", "sslmode", "connect_timeout", "application_name", "search_path", "target_session_attrs"}

// redacted takes the secrets out of an address, and tells whether it could: an
// @ after the host means that the password was cut in two at a sign such as /.
func redacted(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || strings.Contains(u.Path+u.RawQuery+u.Fragment, "@") {
		return "", false
	}
	query, err := url.ParseQuery(u.RawQuery)
	for name := range query {
		if !slices.Contains(harmless, name) {
			err = errors.New("it may hold a secret")
		}
	}
	if err != nil {
		u.RawQuery = "xxxxx"
	}
	if word, _ := u.User.Password(); u.User != nil && word == "" && strings.HasPrefix(u.Scheme, "http") {
		u.User = url.User("xxxxx") // a token in the place of a name
	}
	if u.Fragment != "" {
		u.Fragment = "xxxxx"
	}
	return u.Redacted(), true
}

// configure reads all settings: flag before environment before file before
// default. All faults are reported together.
func (c *console) configure() (Config, []value, error) {
	file, err := c.readFile()
	if err != nil {
		return Config{}, nil, usageError{err}
	}
	var config Config
	var values []value
	var faults []error
	for _, s := range settings {
		v := value{s, s.preset, "default"}
		if line, ok := file.values[s.key]; ok {
			v.text, v.origin = line.text, line.origin
		}
		if env := c.getenv(s.variable()); env != "" {
			v.text, v.origin = env, s.variable()
		}
		if flag := c.given[s.key]; flag != nil && (*flag != "" || c.flags[s.key] != "") {
			v.text, v.origin = *flag, "--"+cmp.Or(c.flags[s.key], s.key)
		}
		if err := s.take(&config, v.text); err != nil {
			faults = append(faults, fmt.Errorf("%s: %s %q: %w", v.origin, s.key, v.shown(), err))
		}
		values = append(values, v)
	}
	faults = append(file.faults, faults...)
	if len(faults) > 0 {
		return config, values, usageError{errors.Join(faults...)}
	}
	return config, values, nil
}

type fileValues struct {
	values map[string]struct{ text, origin string }
	faults []error
}

// readFile flattens the YAML file to dotted keys, each with its line.
func (c *console) readFile() (fileValues, error) {
	found := fileValues{values: map[string]struct{ text, origin string }{}}
	name := c.file
	if name == "" {
		name = c.getenv("HEBDO_CONFIG")
	}
	named := name != ""
	if !named {
		name = defaultFile
	}
	body, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return found, nil
	}
	if err != nil {
		return found, fmt.Errorf("the configuration cannot be read: %w", err)
	}
	tree, err := parser.ParseBytes(body, 0)
	if err != nil {
		var fault yaml.Error
		if errors.As(err, &fault) && fault.GetToken() != nil { // without the lines around it: passwords stand there
			return found, fmt.Errorf("%s:%d: %s", name, fault.GetToken().Position.Line, fault.GetMessage())
		}
		return found, fmt.Errorf("%s: this is no YAML", name)
	}
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			found.flatten(name, "", doc.Body)
		}
	}
	return found, nil
}

func (f *fileValues) flatten(file, prefix string, node ast.Node) {
	at := func(n ast.Node) string { return fmt.Sprintf("%s:%d", file, n.GetToken().Position.Line) }
	entries, ok := node.(ast.MapNode)
	if !ok {
		f.faults = append(f.faults, fmt.Errorf("%s: %s must hold settings below it", at(node), strings.TrimSuffix(prefix, ".")))
		return
	}
	for iter := entries.MapRange(); iter.Next(); {
		key := prefix + iter.Key().String()
		switch {
		case known(key):
			var text string
			if err := yaml.NodeToValue(iter.Value(), &text); err != nil {
				f.faults = append(f.faults, fmt.Errorf("%s: %s must be one value", at(iter.Key()), key))
				continue
			}
			f.values[key] = struct{ text, origin string }{text, at(iter.Key())}
		case group(key):
			f.flatten(file, key+".", iter.Value())
		default:
			f.faults = append(f.faults, fmt.Errorf("%s: there is no setting %s; `hebdo config` lists them all", at(iter.Key()), key))
		}
	}
}

func known(key string) bool {
	for _, s := range settings {
		if s.key == key {
			return true
		}
	}
	return false
}

func group(key string) bool {
	for _, s := range settings {
		if strings.HasPrefix(s.key, key+".") {
			return true
		}
	}
	return false
}

// configuration is `hebdo config`.
func (c *console) configuration() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "config", Short: c.t("config.short"), Long: c.t("config.long"), Args: cobra.NoArgs}
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(*cobra.Command, []string) error {
		_, values, err := c.configure()
		if err != nil {
			return err
		}
		if asJSON {
			type line struct {
				Value string `json:"value"`
				From  string `json:"from"`
			}
			out := map[string]line{}
			for _, v := range values {
				out[v.setting.key] = line{v.shown(), v.origin}
			}
			return c.print(out)
		}
		width := 0
		for _, v := range values {
			width = max(width, len(v.setting.key))
		}
		for _, v := range values {
			fmt.Fprintf(c.out, "%-*s %-40s # %s\n", width, v.setting.key, v.shown(), v.origin)
		}
		return nil
	}
	return cmd
}

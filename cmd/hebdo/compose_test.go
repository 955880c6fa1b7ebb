package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// composed is what the test reads of a compose file; any other field is refused.
type composed struct {
	Name     string         `yaml:"name"`
	Node     any            `yaml:"x-node"`
	Volumes  map[string]any `yaml:"volumes"`
	Services map[string]struct {
		Build       string                                `yaml:"build"`
		Image       string                                `yaml:"image"`
		Hostname    string                                `yaml:"hostname"`
		Restart     string                                `yaml:"restart"`
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		Environment map[string]string                     `yaml:"environment"`
		Ports       []string                              `yaml:"ports"`
		Volumes     []string                              `yaml:"volumes"`
		Healthcheck struct {
			Test        []string `yaml:"test"`
			Interval    string   `yaml:"interval"`
			Timeout     string   `yaml:"timeout"`
			StartPeriod string   `yaml:"start_period"`
			Retries     int      `yaml:"retries"`
		} `yaml:"healthcheck"`
	} `yaml:"services"`
}

// What the compose file needs of the one who starts it.
var composeVariables = map[string]string{
	"POSTGRES_PASSWORD": "secret", "PUBLIC_URL": "https://news.example.org", "SENDER_DOMAIN": "news.example.org",
}

func TestComposeFileFitsTheProgram(t *testing.T) {
	body, err := os.ReadFile("../../.github/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`\$\{([A-Z_]+):\?[^}]*\}`).ReplaceAllStringFunc(string(body), func(s string) string {
		name := strings.TrimPrefix(strings.Split(s, ":")[0], "${")
		if composeVariables[name] == "" {
			t.Errorf("nobody is told to set %s", name)
		}
		return composeVariables[name]
	})
	for name := range composeVariables {
		if !strings.Contains(string(body), name+"=") {
			t.Errorf("the head of the file does not say to set %s", name)
		}
	}
	if strings.Contains(text, "${") {
		t.Error("a variable is not understood")
	}
	var file composed
	if err := yaml.UnmarshalWithOptions([]byte(text), &file, yaml.DisallowUnknownField()); err != nil {
		t.Fatal(err)
	}
	for _, anchor := range regexp.MustCompile(`&\w+`).FindAllString(text, -1) {
		if !strings.Contains(text, "*"+anchor[1:]) {
			t.Errorf("the anchor %s is used nowhere", anchor)
		}
	}
	var begun []string // what is to be done first
	head := newConsole(strings.NewReader(""), os.Stdout, os.Stderr, func(string) string { return "" }).root()
	for _, line := range regexp.MustCompile(`(?m)^# .* exec (-T )?(\w+) /hebdo (.*)$`).FindAllStringSubmatch(text, -1) {
		words, from, _ := strings.Cut(line[3], " < ")
		if cmd, _, err := head.Find(strings.Fields(words)); err != nil || !cmd.Runnable() || (line[1] == "") != (from == "") || !contains(file.Services, line[2]) {
			t.Errorf("%q: cannot be run as it is written (%v)", line[0], err)
		}
		begun = append(begun, strings.Fields(words)[0])
	}
	if want := []string{"apply", "admin"}; !slices.Equal(begun, want) {
		t.Errorf("the head of the file says to run %v, want %v", begun, want)
	}
	nodes := 0
	for name, s := range file.Services {
		if (s.Build == "") == (s.Image == "") {
			t.Errorf("%s needs either an image or something to build it from", name)
		}
		if len(s.Healthcheck.Test) < 2 || s.Healthcheck.Interval == "" || s.Healthcheck.Retries == 0 {
			t.Errorf("%s has no health check", name)
		}
		for other, on := range s.DependsOn {
			if _, ok := file.Services[other]; !ok || on.Condition != "service_healthy" {
				t.Errorf("%s waits for %s to be %q", name, other, on.Condition)
			}
		}
		for _, v := range s.Volumes {
			if volume, _, _ := strings.Cut(v, ":"); !contains(file.Volumes, volume) {
				t.Errorf("%s uses the volume %s, which is not declared", name, volume)
			}
		}
		for variable := range s.Environment {
			if strings.HasPrefix(variable, "HEBDO_") && s.Build == "" {
				t.Errorf("%s is no node, and is given %s", name, variable)
			}
		}
		if s.Build == "" {
			continue
		}
		nodes++
		for variable := range s.Environment {
			if !slices.ContainsFunc(settings, func(one setting) bool { return one.variable() == variable }) {
				t.Errorf("%s is given %s, which is no setting", name, variable)
			}
		}
		c := newConsole(strings.NewReader(""), os.Stdout, os.Stderr, func(v string) string { return s.Environment[v] })
		config, _, err := c.configure()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.HasPrefix(config.DatabaseURL, "postgres://") || !contains(file.Services, config.SMTP.Host) || s.Hostname != name {
			t.Errorf("%s keeps everything in %s, sends by %s and is called %q", name, config.DatabaseURL, config.SMTP.Host, s.Hostname)
		}
		if want := []string{"CMD", "/hebdo", "health"}; !slices.Equal(s.Healthcheck.Test, want) {
			t.Errorf("%s asks for its health by %v", name, s.Healthcheck.Test)
		}
	}
	if nodes != 2 || len(file.Services) != 4 {
		t.Errorf("%d services, %d of them nodes", len(file.Services), nodes)
	}
}

func contains[V any](m map[string]V, key string) bool {
	_, ok := m[key]
	return ok
}

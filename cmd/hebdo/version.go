package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is set by the build: -ldflags "-X main.release=1.0.0".
var release = "dev"

func (c *console) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: c.t("version.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			revision, goVersion := "", ""
			if info, ok := debug.ReadBuildInfo(); ok {
				goVersion = info.GoVersion
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						revision = " " + s.Value[:min(12, len(s.Value))]
					}
				}
			}
			c.say("version", "Release", release+revision, "Go", goVersion)
			return nil
		},
	}
}

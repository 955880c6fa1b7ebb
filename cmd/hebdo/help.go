package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// speakHelp puts cobra's own words into the caller's language.
func (c *console) speakHelp(root *cobra.Command) {
	root.SetUsageTemplate(strings.NewReplacer(
		"Usage:", c.t("help.usage"),
		"Available Commands:", c.t("help.commands"),
		"Global Flags:", c.t("help.global"),
		"\nFlags:", "\n"+c.t("help.flags"),
		`Use "{{.CommandPath}} [command] --help" for more information about a command.`, c.t("help.more", "Command", "{{.CommandPath}}"),
		"[command]", c.t("help.command"),
	).Replace(root.UsageTemplate()))
	root.PersistentFlags().BoolP("help", "h", false, c.t("help.flag"))
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, sub := range root.Commands() {
		switch sub.Name() {
		case "help":
			sub.Short = c.t("help.short")
			help := sub.Run
			sub.RunE = func(cmd *cobra.Command, args []string) error { // cobra's own would show all there is, and end well
				if _, unknown, _ := root.Find(args); len(unknown) > 0 {
					return usage("%s", c.t("unknown", "Command", strings.Join(args, " ")))
				}
				help(cmd, args)
				return nil
			}
		case "completion":
			sub.Short = c.t("completion.short")
		}
	}
}

// Package render writes an issue as what people read: the letter as HTML and
// as plain text, the mails around it, the feed, and the issue as JSON. HTML and
// text come from one view (see view.go), so that they say the same.
//
// Templates are html/template and text/template files of templates/email, any
// of which a folder of the user's may replace. Where there is such a folder,
// everything is written once, on made-up data, when the program starts: a
// template that is broken is reported then, with file and line.
package render

// Package demo is a world in a box: a made-up week of AI news on a local web
// site, and a local mail server that receives the letter. `hebdo demo` and the
// end-to-end tests run the whole of Hebdo against it, over real HTTP and real
// SMTP, without touching anything outside the machine.
//
// Everything in the week is invented: outlets, companies, laboratories, states
// and people. The articles are data, one file each in week/OUTLET/SLUG.md; the
// outlets' looks are templates in site/. Outlets live under made-up https
// hosts (RFC 2606, .example), because a letter may link neither to an address
// of the machine nor without TLS; World.Transport carries a request for one of
// them to the local site, and World.Local tells where a browser finds it.
package demo

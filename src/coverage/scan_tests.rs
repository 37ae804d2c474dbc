//! Finding formulas: what displays, what only looks like it, and what is wrong.

use std::path::Path;

use super::scan::{Form, Standing, scan};
use crate::document::Source;

fn found(text: &str, form: Form, standing: Standing) -> Vec<String> {
    let source = Source::new(Path::new("x"), text.to_owned());
    let all = scan(&source, form).unwrap_or_else(|e| panic!("{e:?}"));
    all.into_iter().filter(|f| f.standing == standing).map(|f| f.latex.trim().to_owned()).collect()
}

fn markdown(text: &str) -> Vec<String> {
    found(text, Form::Markdown, Standing::Displayed)
}

fn tex(text: &str) -> Vec<String> {
    found(text, Form::Tex, Standing::Displayed)
}

/// The messages with their lines.
fn wrong(text: &str, form: Form) -> Vec<(Option<usize>, String)> {
    let source = Source::new(Path::new("x"), text.to_owned());
    let problems = scan(&source, form).expect_err("something is wrong");
    problems.iter().map(|d| (d.line(), d.to_string())).collect()
}

#[test]
fn everything_that_displays_is_found() {
    let text = "$$a$$ and $$b$$\n\n\\[c\\]\n\n$d$\n\n \\begin{equation}e\\end{equation}\n\\begin{align*}f\\end{align*}\n\
                \\begin{gather}g\\end{gather}\\begin{multline*}h\\end{multline*}\n  $ i $ .\n\n$$\nj\n$$\n";
    assert_eq!(markdown(text), ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    assert_eq!(tex(text), markdown(text));
}

#[test]
fn a_formula_inside_of_a_line_is_no_display() {
    assert_eq!(markdown("so $a$ and\n$b$ holds, \\(c\\)\n$d$ $e$\n"), [""; 0]);
    let inline = found("so $a$ and\n$b$ holds, \\(c\\)\n", Form::Markdown, Standing::Inline);
    assert_eq!(inline, ["a", "b", "c"]);
}

#[test]
fn code_and_comments_are_passed_over() {
    let text = "```tex\n$$a$$\n```\n~~~\n$$b$$\n```\n~~~\n`$$c$$` ``$$`d`$$`` <!-- $$e$$\n\n$$ --> $$f$$\n````\n$$g$$\n```\n";
    assert_eq!(markdown(text), ["f"]);
    assert_eq!(markdown("a lone ` and $$a$$\n"), ["a"]);
    let text = "% $$a$$ \\[\n\\begin{verbatim}\n$$b$$\n\\end{verbatim}\n50\\% $$c % $$ d\n$$\n";
    assert_eq!(tex(text), ["c % $$ d"]);
}

#[test]
fn escaped_dollars_and_prices_are_characters() {
    assert_eq!(markdown("it costs \\$5 or \\$$a$ and $5 and $6\n\n\\$$b$\n"), [""; 0]);
    assert_eq!(markdown("$$\\text{for \\$ 5} = a$$\n"), [r"\text{for \$ 5} = a"]);
    assert_eq!(markdown("$\\text{\\$} = a$\n"), [r"\text{\$} = a"]);
}

#[test]
fn a_line_break_with_a_length_opens_no_display() {
    assert_eq!(tex("one \\\\[2pt] two\n\n\\[a \\\\[2pt] b\\]\n"), [r"a \\[2pt] b"]);
}

#[test]
fn an_escaped_bracket_in_a_link_of_markdown_opens_no_display() {
    assert_eq!(markdown("as in [\\[7\\]](#seven), [\\[1,](#one) [2\\]](#two)\n\n\\[a\\]\n"), ["a"]);
    assert_eq!(tex("an optional [\\[a\\]]\n"), ["a"]);
}

#[test]
fn the_preamble_and_what_follows_the_end_are_no_text() {
    let text = "\\newcommand{\\x}{$$a}\n\\begin{document}\n$$b$$\n\\end{document}\n$$c$$\n";
    assert_eq!(tex(text), ["b"]);
}

#[test]
fn line_ends_of_every_kind_are_line_ends() {
    assert_eq!(markdown("```\r\n$$a$$\r\n```\r\n$$\r\nb\r\n$$\r\n\r\n$c$\r\n"), ["b", "c"]);
    assert_eq!(wrong("x\r\n\r\n$$ a\r\n\r\n$$\r\n", Form::Markdown)[0].0, Some(3));
}

#[test]
fn the_marks_of_a_quotation_are_no_relations() {
    assert_eq!(markdown("> $$\n> a = b\n> $$\n"), ["a = b\n"].map(str::trim));
    assert_eq!(markdown("$$\na\n> b\n$$\n"), ["a\n> b"]);
}

#[test]
fn a_formula_that_is_never_closed_is_an_error_where_it_opens() {
    let expected = vec![(Some(3), "`$$` is never closed".to_owned())];
    assert_eq!(wrong("one\n\n$$ a = b\n\ntwo $$c$$\n", Form::Markdown), expected);
    assert_eq!(wrong("one\n\n$$ a = b", Form::Markdown), expected);
    assert_eq!(wrong("\\[ a\n", Form::Tex), [(Some(1), "`\\[` is never closed".to_owned())]);
    assert_eq!(wrong("x\n\\begin{align} a\n\n", Form::Markdown)[0].0, Some(2));
    assert_eq!(wrong("x\n\na $b\n\n", Form::Tex)[0].0, Some(3));
    let strays = wrong("\\end{align}\n\\]\n", Form::Tex);
    assert_eq!(strays.iter().map(|s| s.0).collect::<Vec<_>>(), [Some(1), Some(2)]);
}

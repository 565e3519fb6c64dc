//! The file that a phone offers for keeping, as its bytes.

use xunhe_tests::page::Page;

/// Remembers what the page offers for download: its policy lets no script fetch it.
const WATCH: &str = "const plain = URL.createObjectURL; \
    URL.createObjectURL = what => { window.offered = what; return plain.call(URL, what); };";

/// Makes the file on the page for it, and takes its bytes.
pub(crate) async fn make(page: &Page, inside: &str) -> Vec<u8> {
    page.run(WATCH).await;
    page.tap("rescue-make").await;
    page.see_text("rescue-ready", inside).await;
    page.see("rescue-keep").await;
    let script = "window.offered.arrayBuffer().then(b => \
        done(Array.from(new Uint8Array(b), x => x.toString(16).padStart(2, '0')).join('')))";
    let text = page.run_async(script).await;
    let text = text.as_str().unwrap();
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

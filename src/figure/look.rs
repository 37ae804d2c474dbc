//! How figures look: colours, dashes and letters, on light and on dark ground.

/// The width of every figure, in its own units; it is drawn to be read at half of it in pixels.
pub const WIDTH: f64 = 720.0;
/// The width of a letter on average, at the size of labels.
pub const LETTER: f64 = 8.6;

/// The style of all figures. Names that curves have: `c0` to `c11`.
pub const STYLE: &str = "\
text{font:16px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;fill:#1b1b1b}\
.title{font-size:19px;font-weight:600}.heading{font-weight:600}.name{font-style:italic}\
.paper{fill:#fff}.grid{stroke:#e2e2e2;fill:none}.axis{stroke:#444;fill:none;stroke-width:1.4}\
.shade{fill:#8a8a8a;opacity:.28}.curve{fill:none;stroke-width:2.8;stroke-linejoin:round}\
.edge{fill:none;stroke:#fff;stroke-width:2.4;stroke-dasharray:7 4}\
.c0,.c8{stroke:#0072b2}.c1,.c9{stroke:#d55e00}.c2,.c10{stroke:#009e73}.c3,.c11{stroke:#a8478a}\
.c4{stroke:#b87d00}.c5{stroke:#2f8fc4}.c6{stroke:#1b1b1b}.c7{stroke:#7a7a00}\
.c1{stroke-dasharray:10 5}.c2{stroke-dasharray:3 4}.c3{stroke-dasharray:12 4 3 4}.c4{stroke-dasharray:18 6}\
.c5{stroke-dasharray:6 3}.c6{stroke-dasharray:2 3}.c7{stroke-dasharray:14 4 2 4 2 4}\
.c8{stroke-dasharray:4 8}.c9{stroke-dasharray:20 4 4 4}.c10{stroke-dasharray:9 9}.c11{stroke-dasharray:1 6}\
@media (prefers-color-scheme:dark){text{fill:#ececec}.paper{fill:#15171a}.grid{stroke:#34383e}.axis{stroke:#b5b5b5}\
.shade{fill:#9a9a9a;opacity:.3}.c0,.c8{stroke:#4fa8e0}.c1,.c9{stroke:#f0813a}.c2,.c10{stroke:#2fc79b}\
.c3,.c11{stroke:#dd8fc4}.c4{stroke:#e6b03c}.c5{stroke:#86cbf2}.c6{stroke:#ececec}.c7{stroke:#cfcf52}}";

/// Shades of a map from low to high.
pub const SHADES: [&str; 12] = [
    "#440154", "#482173", "#433e85", "#38588c", "#2d708e", "#25858e", "#1e9b8a", "#2ab07f", "#52c569",
    "#86d549", "#c2df23", "#fde725",
];

using System.Text;

namespace MnistMlNet.Reporting.Html;

/// <summary>Writes HTML that is also well-formed XML; text and attribute values are escaped here and nowhere else.</summary>
internal sealed class HtmlWriter
{
    // These elements have no content and so no end tag in HTML; any other element must have an end tag, even when it is empty.
    private static readonly string[] s_void = ["meta", "img", "br", "hr"];

    private readonly StringBuilder _text = new();

    /// <summary>Writes <c>&lt;name …&gt;</c>, then calls <paramref name="content"/>, then writes the end tag.</summary>
    public void Element(string name, Action content, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        content();
        _text.Append("</").Append(name).Append('>');
    }

    /// <summary>Writes an element that contains only text.</summary>
    public void Element(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        Escape(text);
        _text.Append("</").Append(name).Append('>');
    }

    /// <summary>Writes an element without content.</summary>
    public void Empty(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        if (s_void.Contains(name))
        {
            _text.Insert(_text.Length - 1, '/');
        }
        else
        {
            _text.Append("</").Append(name).Append('>');
        }
    }

    /// <summary>Writes text, escaped.</summary>
    public void Text(string text) => Escape(text);

    /// <summary>Starts a new line, to make the source readable.</summary>
    public void Line() => _text.Append('\n');

    /// <summary>Writes text that is HTML already: the program's own style sheet and document type, never anything from a file.</summary>
    public void Raw(string html) => _text.Append(html);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void Start(string name, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach ((string attribute, string value) in attributes)
        {
            _text.Append(' ').Append(attribute).Append("=\"");
            Escape(value);
            _text.Append('"');
        }

        _text.Append('>');
    }

    private void Escape(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&': _text.Append("&amp;"); break;
                case '<': _text.Append("&lt;"); break;
                case '>': _text.Append("&gt;"); break;
                case '"': _text.Append("&quot;"); break;
                case '\'': _text.Append("&#39;"); break;

                // XML can't represent these characters; file names may contain them.
                case < 0x20 and not ('\t' or '\n' or '\r'):
                case 0xFFFE or 0xFFFF:
                    _text.Append('\uFFFD');
                    break;
                default: _text.Append(rune.ToString()); break;
            }
        }
    }
}

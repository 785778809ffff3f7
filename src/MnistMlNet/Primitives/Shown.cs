using System.Globalization;
using System.Text;

namespace MnistMlNet.Primitives;

/// <summary>What a file or a user said, as messages show it: never longer than stated here, and on one line.</summary>
internal static class Shown
{
    /// <summary>Characters after which a name or value is cut.</summary>
    public const int MaxTextLength = 200;

    /// <summary>Texts after which a list is cut.</summary>
    public const int MaxListCount = 20;

    /// <summary>Characters after which a path, a reason with a path in it, or a list is cut: the longest path of Linux.</summary>
    public const int MaxLongLength = 4096;

    /// <summary>A name or a value.</summary>
    public static string Text(string text) => Cut(text, MaxTextLength);

    /// <summary>A path, or somebody else's message, which may hold one.</summary>
    public static string Long(string text) => Cut(text, MaxLongLength);

    /// <summary>Names, with commas between them.</summary>
    public static string List(IEnumerable<string> texts)
    {
        string[] first = [.. texts.Take(MaxListCount + 1)];
        string list = string.Join(", ", first.Take(MaxListCount).Select(Text));
        return first.Length > MaxListCount ? list + ", …" : list;
    }

    private static string Cut(string text, int length)
    {
        bool isCut = text.Length > length;
        ReadOnlySpan<char> shown = isCut ? text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length) : text;
        var result = new StringBuilder(shown.Length);
        for (int i = 0; i < shown.Length; i++)
        {
            char c = shown[i];
            if (i + 1 < shown.Length && char.IsSurrogatePair(c, shown[i + 1]))
            {
                result.Append(shown.Slice(i++, 2));
            }

            // A line of a log must not be made to look like two, and half of a surrogate pair can't be shown.
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                result.Append(c);
            }
        }

        return isCut ? result.Append('…').ToString() : result.ToString();
    }
}

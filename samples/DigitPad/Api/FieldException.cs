namespace DigitPad.Api;

/// <summary>A field of a request has a value that can't be used.</summary>
internal sealed class FieldException(string field, string found, string wanted) : Exception($"{field} is {found}; {wanted} is expected.")
{
    /// <summary>The field: "pixels[3]", "images[2].png", "body".</summary>
    public string Field { get; } = field;

    public string Found { get; } = found;

    public string Wanted { get; } = wanted;
}

namespace MnistMlNet.Tool.Tables;

/// <summary>What the values of a column are.</summary>
internal enum ColumnKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>A text of a limited set; each becomes an input of the network.</summary>
    Category,

    /// <summary>Sentences, whose words and letters become inputs.</summary>
    Text,

    /// <summary>Not used.</summary>
    Ignored,
}

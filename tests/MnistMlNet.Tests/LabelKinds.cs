using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Tests;

/// <summary>Training data whose labels are keys of every possible value type.</summary>
internal static class LabelKinds
{
    public const string Text = "text";
    public const string NoKeyValues = "no key values";

    private static readonly string[] s_numbered =
        ["sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double", "DateTime", "DateTimeOffset", "TimeSpan",
            "bool"];

    /// <summary>Labels with values other than text.</summary>
    public static TheoryData<string> NotText => [.. s_numbered];

    public static TheoryData<string> All => [Text, NoKeyValues, .. s_numbered];

    public static IDataView View(MLContext mlContext, string kind) => kind switch
    {
        Text => Map(mlContext, "one", "two", "drei"),
        NoKeyValues => WithoutKeyValues(mlContext),
        "sbyte" => Map<sbyte>(mlContext, -128, 0, 127),
        "byte" => Map<byte>(mlContext, 0, 7, 255),
        "short" => Map<short>(mlContext, short.MinValue, 0, short.MaxValue),
        "ushort" => Map<ushort>(mlContext, 0, 7, ushort.MaxValue),
        "int" => Map(mlContext, int.MinValue, 0, int.MaxValue),
        "uint" => Map<uint>(mlContext, 0, 7, uint.MaxValue),
        "long" => Map(mlContext, long.MinValue, 0, long.MaxValue),
        "ulong" => Map<ulong>(mlContext, 0, 7, ulong.MaxValue),
        "float" => Map(mlContext, -1.5f, 0.1f, float.MaxValue),
        "double" => Map(mlContext, -1.5, 0.1, double.MaxValue),
        "DateTime" => Map(mlContext, DateTime.MinValue, Utc("2020-02-29T12:34:56.789"), DateTime.MaxValue),
        "DateTimeOffset" => Map(
            mlContext, DateTimeOffset.MinValue, new DateTimeOffset(Utc("2020-02-29T12:34:56.789"), TimeSpan.FromHours(-5.5)),
            DateTimeOffset.MaxValue),
        "TimeSpan" => Map(mlContext, TimeSpan.MinValue, TimeSpan.FromTicks(1), TimeSpan.MaxValue),
        "bool" => Map(mlContext, false, true),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of label."),
    };

    /// <summary>Rows whose n-th class is centred at n; a missing label, where the type has one, isn't among them.</summary>
    public static LabelRow<T>[] Rows<T>(params T[] labels) => [.. Enumerable.Range(0, 12 * labels.Length).Select(i => new LabelRow<T>
    {
        Label = labels[i % labels.Length],
        Features = [i % labels.Length + i % 5 * 0.1f, 1 - i % 7 * 0.1f],
    })];

    private static IDataView Map<T>(MLContext mlContext, params T[] labels)
    {
        IDataView view = mlContext.Data.LoadFromEnumerable(Rows(labels));
        return mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
            .Fit(view).Transform(view);
    }

    private static IDataView WithoutKeyValues(MLContext mlContext)
    {
        var schema = SchemaDefinition.Create(typeof(LabelRow<uint>));
        schema["Label"].ColumnType = new KeyDataViewType(typeof(uint), 3);
        return mlContext.Data.LoadFromEnumerable(Rows<uint>(0, 1, 2), schema);
    }

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);
}

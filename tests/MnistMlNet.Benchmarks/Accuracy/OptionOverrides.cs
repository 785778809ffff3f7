using System.Globalization;
using System.Reflection;

namespace MnistMlNet.Benchmarks.Accuracy;

/// <summary>Options changed from the command line, to try settings for a row: <c>LearningRate=0.002</c>.</summary>
internal static class OptionOverrides
{
    public static IReadOnlyDictionary<string, string> Parse(IEnumerable<string> pairs) => pairs.ToDictionary(
        pair => pair.Split('=')[0], pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    public static void Apply(TwoLayerNetworkOptions options, IReadOnlyDictionary<string, string> overrides)
    {
        foreach ((string name, string text) in overrides)
        {
            if (name.StartsWith("Augmentation.", StringComparison.Ordinal))
            {
                var source = (ImageAugmentation)(options.Augmentation
                    ?? throw new ArgumentException($"{name} is set, and the row has no augmentation."));
                PropertyInfo property = typeof(ImageAugmentation).GetProperty(name["Augmentation.".Length..])
                    ?? throw new ArgumentException($"There is no property {name}.");
                property.SetValue(source, float.Parse(text, CultureInfo.InvariantCulture));
                continue;
            }

            FieldInfo field = options.GetType().GetField(name)
                ?? throw new ArgumentException($"There is no option {name}.");
            Type type = Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType;
            field.SetValue(options, type.IsEnum ? Enum.Parse(type, text) : Convert.ChangeType(text, type, CultureInfo.InvariantCulture));
        }
    }
}

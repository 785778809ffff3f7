using Options = MnistMlNet.TwoLayerNetworkOptions;

namespace MnistMlNet.Configuration;

/// <summary>The forms of rows of the table.</summary>
internal static partial class OptionTable
{
    private static OptionDefinition<string?> Column(string name, Func<Options, string?> get, string description, bool isOptional = false)
    {
        OptionDefinition<string?> column = new OptionDefinition<string?>(name, get, description).CheckedBy(options =>
        {
            if (get(options) is not { Length: > 0 } && !(isOptional && get(options) is null))
            {
                throw new ArgumentException($"{name} is {(get(options) is null ? "null" : "empty")}; a column name is expected.",
                    nameof(options));
            }
        });
        return isOptional ? column.WhenOpen("none") : column;
    }

    private static OptionDefinition<T> Any<T>(string name, Func<Options, T> get, string description) => new(name, get, description);

    private static OptionDefinition<T> Number<T>(string name, Func<Options, T> get, string description)
        where T : struct =>
        new(name, get, description);

    private static OptionDefinition<T?> Open<T>(string name, Func<Options, T?> get, string description)
        where T : struct =>
        new(name, get, description);

    private static OptionDefinition<TEnum> OneOf<TEnum>(string name, Func<Options, TEnum> get, string description)
        where TEnum : struct, Enum =>
        new OptionDefinition<TEnum>(name, get, description).InEnum();

    private static OptionDefinition<T?> OfOptimizer<T>(
        string name, Func<Options, T?> get, string description, string defaultText, T defaultValue, params Optimizer[] owners)
        where T : struct =>
        Open(name, get, description)
            .BelongsTo(OptimizerOf, owners)
            .WhenOpen("by optimizer: " + defaultText, (o, _) => owners.Contains(OptimizerOf(o)) ? defaultValue : null);

    private static bool IsPositive(float value) => value > 0 && float.IsFinite(value);

    private static bool IsPositiveOrNull(float? value) => value is null || IsPositive(value.Value);

    private static bool IsNotNegative(float value) => value >= 0 && float.IsFinite(value);

    private static bool IsFraction(float value) => value is >= 0 and < 1;

    private static bool IsFractionOrNull(float? value) => value is null or (>= 0 and < 1);
}

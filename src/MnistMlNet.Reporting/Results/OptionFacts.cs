using System.Globalization;
using System.Reflection;

namespace MnistMlNet.Reporting.Results;

/// <summary>The options of a training: those at their defaults, and the others.</summary>
/// <param name="Notable">Options that aren't the default, and those whose value the trainer chose.</param>
/// <param name="Defaults">The other options.</param>
internal sealed record OptionFacts(IReadOnlyList<Fact> Notable, IReadOnlyList<Fact> Defaults)
{
    /// <summary>The text of an option that is null: nothing was chosen, as the training doesn't use it.</summary>
    private const string None = "null";

    public static OptionFacts Of(TwoLayerNetworkModelParametersBase model, TrainingHistory history)
    {
        TwoLayerNetworkOptions defaults = model switch
        {
            TwoLayerNetworkModelParameters => new TwoLayerNetworkTrainer.Options(),
            TwoLayerNetworkBinaryModelParameters => new TwoLayerNetworkBinaryTrainer.Options(),
            TwoLayerNetworkMultilabelModelParameters => new TwoLayerNetworkMultilabelTrainer.Options(),
            _ => new TwoLayerNetworkRegressionTrainer.Options(),
        };

        // By reflection, so that an option of a later release is included.
        Dictionary<string, string> texts = defaults.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance).ToDictionary(
            field => field.Name, field => Convert.ToString(field.GetValue(defaults) ?? None, CultureInfo.InvariantCulture) ?? None);
        ILookup<bool, Fact> facts = history.Options.ToLookup(
            option => option.Value == None || option.Value == texts.GetValueOrDefault(option.Key),
            option => new Fact(option.Key, Shown(option)));
        return new OptionFacts([.. facts[false]], [.. facts[true]]);
    }

    // A report is passed on to others; the folders of a file are private.
    private static string Shown(KeyValuePair<string, string> option) =>
        option.Key.EndsWith("Path", StringComparison.Ordinal) && option.Value != None ? Path.GetFileName(option.Value) : option.Value;
}

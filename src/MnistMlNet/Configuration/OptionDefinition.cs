using System.Globalization;
using Microsoft.ML;
using MnistMlNet.Primitives;
using Options = MnistMlNet.TwoLayerNetworkOptions;

namespace MnistMlNet.Configuration;

/// <summary>One row of <see cref="OptionTable"/>: the definition of one field of <see cref="Options"/>.</summary>
internal abstract class OptionDefinition(string name, string description)
{
    private readonly List<Requirement> _requirements = [];

    /// <summary>Gets the name of the field.</summary>
    public string Name => name;

    /// <summary>Gets the options that have the field: those of all tasks, or of one.</summary>
    public Type Owner { get; init; } = typeof(Options);

    /// <summary>Gets whether the option is one of some options.</summary>
    public bool AppliesTo(Options options) => Owner.IsInstanceOfType(options);

    /// <summary>Gets the description of the option for docs/features.md.</summary>
    public string Description => description;

    /// <summary>Gets the meaning of null for docs/features.md; null where the option isn't nullable.</summary>
    public string? DefaultText { get; protected set; }

    /// <summary>Gets the text of error messages for the accepted values; null where every value is accepted.</summary>
    public string? Range { get; protected set; }

    /// <summary>Gets the conditions on the combination of this option with others.</summary>
    public IReadOnlyList<Requirement> Requirements => _requirements;

    /// <summary>Throws if the value is out of range.</summary>
    public abstract void CheckRange(Options options);

    /// <summary>Gets the value of the option, or for null its default; null where it has no default.</summary>
    public abstract object? ResolveValue(Options options, TrainingFacts facts);

    /// <summary>Throws if the value would have no effect, or isn't supported, in combination with the other options.</summary>
    public void CheckCombinations(Options options)
    {
        foreach (Requirement requirement in _requirements)
        {
            if (!requirement.Holds(options))
            {
                throw OutOfRange(Name, GetValue(options), requirement.Wanted(options));
            }
        }
    }

    /// <summary>Gets the option as text for history and checkpoints: one pair, or one pair for each entry of a dictionary.</summary>
    public IEnumerable<KeyValuePair<string, string>> Describe(Options options, TrainingFacts facts) =>
        Describe(ResolveValue(options, facts));

    /// <summary>Gets the option as it was given, as text.</summary>
    public IEnumerable<KeyValuePair<string, string>> DescribeGiven(Options options) => Describe(GetValue(options));

    protected abstract object? GetValue(Options options);

    protected void Add(Requirement requirement) => _requirements.Add(requirement);

    protected static ArgumentOutOfRangeException OutOfRange(string name, object? value, string wanted) =>
        new("options", value, $"{name} is {Shown.Text(Text(value))}; it must be {wanted}.");

    private IEnumerable<KeyValuePair<string, string>> Describe(object? value) => value switch
    {
        CancellationToken token => [new(Name, token.CanBeCanceled ? "(a token)" : "null")],
        Delegate => [new(Name, "(a callback)")],
        IDataView => [new(Name, "(a data view)")],
        ICollective => [new(Name, "(a collective)")],
        IReadOnlyDictionary<string, float> { Count: > 0 } entries => entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new KeyValuePair<string, string>($"{Name}[{entry.Key}]", Text(entry.Value))),
        null or IReadOnlyDictionary<string, float> => [new(Name, "null")],
        _ => [new(Name, Text(value))],
    };

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A condition on the combination of an option with others.</summary>
/// <param name="Holds">Returns whether the options are accepted.</param>
/// <param name="Wanted">Returns the text of the error message for the values that are accepted in combination with the others.</param>
internal readonly record struct Requirement(Func<Options, bool> Holds, Func<Options, string> Wanted);

/// <summary>The facts about a training from which the values of options that are null are chosen.</summary>
/// <param name="RowCount">The number of training rows.</param>
/// <param name="InputCount">The number of features of a row.</param>
/// <param name="MeanMagnitude">Computes the mean over the rows of Σ|x|; called only where an option needs it.</param>
/// <param name="Seed">The seed; without one in the options, it was drawn from the MLContext.</param>
internal sealed record TrainingFacts(long RowCount, int InputCount, Func<double> MeanMagnitude, int Seed);

/// <inheritdoc/>
internal sealed class OptionDefinition<T>(string name, Func<Options, T> get, string description) : OptionDefinition(name, description)
{
    private Action<Options>? _check;
    private Func<Options, TrainingFacts, T>? _resolve;
    private bool _resolvesGiven;

    /// <summary>Sets the range.</summary>
    /// <param name="isInRange">Whether a value is accepted, without regard to other options.</param>
    /// <param name="range">The text of the error message for the accepted values.</param>
    public OptionDefinition<T> In(Func<T, bool> isInRange, string range)
    {
        Range = range;
        return CheckedBy(options =>
        {
            if (!isInRange(get(options)))
            {
                throw OutOfRange(Name, get(options), range);
            }
        });
    }

    /// <summary>Sets the range: the members of the enumeration.</summary>
    public OptionDefinition<T> InEnum()
    {
        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return In(value => value is null || Enum.IsDefined(type, value), $"one of {string.Join(", ", Enum.GetNames(type))}");
    }

    /// <summary>Sets the range of each value of a dictionary.</summary>
    public OptionDefinition<T> InEach(Func<float, bool> isInRange, string range)
    {
        Range = range;
        return CheckedBy(options =>
        {
            foreach ((string key, float value) in get(options) as IReadOnlyDictionary<string, float> ?? new Dictionary<string, float>())
            {
                if (!isInRange(value))
                {
                    throw OutOfRange($"{Name}[\"{Shown.Text(key)}\"]", value, range);
                }
            }
        });
    }

    /// <summary>Sets a custom check, for options whose error message isn't the one for ranges.</summary>
    public OptionDefinition<T> CheckedBy(Action<Options> check)
    {
        _check = check;
        return this;
    }

    /// <summary>Adds a condition on the combination of the option with others.</summary>
    public OptionDefinition<T> Requires(Func<Options, bool> holds, Func<Options, string> wanted)
    {
        Add(new Requirement(holds, wanted));
        return this;
    }

    /// <summary>Adds the condition that the option is null unless another option has one of the given values.</summary>
    public OptionDefinition<T> BelongsTo<TOwner>(Func<Options, TOwner> chosen, params TOwner[] owners)
        where TOwner : struct, Enum
    {
        string list = string.Join(" and ", owners.Select(owner => $"{typeof(TOwner).Name}.{owner}"));
        return Requires(
            options => get(options) is null || owners.Contains(chosen(options)),
            options => $"null with {typeof(TOwner).Name}.{chosen(options)}; it belongs to {list}");
    }

    /// <summary>
    /// Adds the condition that the option has a neutral value with L-BFGS, which uses the full batch and chooses its own steps.
    /// </summary>
    /// <param name="isNeutral">Whether a value is neutral.</param>
    /// <param name="neutral">The text of the error message for the neutral value.</param>
    /// <param name="reason">The text of the error message for the reason, after the optimizer's name; null for none.</param>
    public OptionDefinition<T> NotWithLbfgs(Func<T, bool> isNeutral, string neutral, string? reason = null) => Requires(
        options => options.Optimizer != Optimizer.Lbfgs || isNeutral(get(options)),
        _ => $"{neutral} with Optimizer.Lbfgs{(reason is null ? "" : ", " + reason)}");

    /// <summary>Defines the meaning of null.</summary>
    /// <param name="defaultText">The text for docs/features.md.</param>
    /// <param name="resolve">Gets the value that replaces null; null where null is a valid value, or is replaced elsewhere.</param>
    public OptionDefinition<T> WhenOpen(string defaultText, Func<Options, TrainingFacts, T>? resolve = null)
    {
        DefaultText = defaultText;
        _resolve = resolve;
        return this;
    }

    /// <summary>Defines how every value, null included, is resolved.</summary>
    /// <inheritdoc cref="WhenOpen"/>
    public OptionDefinition<T> ResolvedBy(string defaultText, Func<Options, TrainingFacts, T> resolve)
    {
        _resolvesGiven = true;
        return WhenOpen(defaultText, resolve);
    }

    public override void CheckRange(Options options) => _check?.Invoke(options);

    public override object? ResolveValue(Options options, TrainingFacts facts)
    {
        T given = get(options);
        return _resolve is not null && (given is null || _resolvesGiven) ? _resolve(options, facts) : given;
    }

    protected override object? GetValue(Options options) => get(options);
}

using System.Globalization;
using Microsoft.ML;
using MnistMlNet.Primitives;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Configuration;

/// <summary>One row of <see cref="OptionTable"/>: all that is known of one field of <see cref="Options"/>.</summary>
internal abstract class OptionDefinition(string name, string description)
{
    private readonly List<Requirement> _requirements = [];

    /// <summary>Gets the name of the field.</summary>
    public string Name => name;

    /// <summary>Gets what the option is, as docs/features.md says it.</summary>
    public string Description => description;

    /// <summary>Gets what a null stands for, as docs/features.md says it; null where the option isn't nullable.</summary>
    public string? DefaultText { get; protected set; }

    /// <summary>Gets the values that are accepted, as errors say it; null where every value is.</summary>
    public string? Range { get; protected set; }

    /// <summary>Gets what the option needs of the others.</summary>
    public IReadOnlyList<Requirement> Requirements => _requirements;

    /// <summary>Refuses a value that is out of range.</summary>
    public abstract void CheckRange(Options options);

    /// <summary>The value of the option, or what it becomes where it was left open; null where it stays open.</summary>
    public abstract object? ResolveValue(Options options, TrainingFacts facts);

    /// <summary>Refuses a value that would have no effect, or can't have one, beside the other options.</summary>
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

    /// <summary>The option as text, for history and checkpoints: one pair, or one for each entry of a dictionary.</summary>
    public IEnumerable<KeyValuePair<string, string>> Describe(Options options, TrainingFacts facts) => ResolveValue(options, facts) switch
    {
        CancellationToken token => [new(Name, token.CanBeCanceled ? "(a token)" : "null")],
        Delegate => [new(Name, "(a callback)")],
        IDataView => [new(Name, "(a data view)")],
        IReadOnlyDictionary<string, float> { Count: > 0 } entries => entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new KeyValuePair<string, string>($"{Name}[{entry.Key}]", Text(entry.Value))),
        null or IReadOnlyDictionary<string, float> => [new(Name, "null")],
        var value => [new(Name, Text(value))],
    };

    protected abstract object? GetValue(Options options);

    protected void Add(Requirement requirement) => _requirements.Add(requirement);

    protected static ArgumentOutOfRangeException OutOfRange(string name, object? value, string wanted) =>
        new("options", value, $"{name} is {Shown.Text(Text(value))}; it must be {wanted}.");

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A condition that ties an option to others.</summary>
/// <param name="Holds">Whether the options are acceptable.</param>
/// <param name="Wanted">What the option must be beside the others, as the error says it.</param>
internal readonly record struct Requirement(Func<Options, bool> Holds, Func<Options, string> Wanted);

/// <summary>What open options are resolved by.</summary>
/// <param name="RowCount">The rows that are trained on.</param>
/// <param name="InputCount">The features of a row.</param>
/// <param name="MeanMagnitude">The mean over the rows of Σ|x|; worked out only where an option needs it.</param>
/// <param name="Seed">The seed that is used where none was given.</param>
internal sealed record TrainingFacts(long RowCount, int InputCount, Func<double> MeanMagnitude, int Seed);

/// <inheritdoc/>
internal sealed class OptionDefinition<T>(string name, Func<Options, T> get, string description) : OptionDefinition(name, description)
{
    private Action<Options>? _check;
    private Func<Options, TrainingFacts, T>? _resolve;
    private bool _resolvesGiven;

    /// <summary>Sets the range.</summary>
    /// <param name="isInRange">Whether a value is acceptable by itself.</param>
    /// <param name="range">The acceptable values, as the error says it.</param>
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

    /// <summary>Sets a check of its own, for options whose error isn't that of a range.</summary>
    public OptionDefinition<T> CheckedBy(Action<Options> check)
    {
        _check = check;
        return this;
    }

    /// <summary>Adds a condition that ties the option to others.</summary>
    public OptionDefinition<T> Requires(Func<Options, bool> holds, Func<Options, string> wanted)
    {
        Add(new Requirement(holds, wanted));
        return this;
    }

    /// <summary>Adds the condition that the option is null unless another has one of some values.</summary>
    public OptionDefinition<T> BelongsTo<TOwner>(Func<Options, TOwner> chosen, params TOwner[] owners)
        where TOwner : struct, Enum
    {
        string list = string.Join(" and ", owners.Select(owner => $"{typeof(TOwner).Name}.{owner}"));
        return Requires(
            options => get(options) is null || owners.Contains(chosen(options)),
            options => $"null with {typeof(TOwner).Name}.{chosen(options)}; it belongs to {list}");
    }

    /// <summary>
    /// Adds the condition that the option keeps a neutral value with L-BFGS, which goes over all rows at once and chooses its own steps.
    /// </summary>
    /// <param name="isNeutral">Whether a value is that.</param>
    /// <param name="neutral">The neutral value, as the error says it.</param>
    /// <param name="reason">Why, as the error says it after the optimizer's name; null for no reason.</param>
    public OptionDefinition<T> NotWithLbfgs(Func<T, bool> isNeutral, string neutral, string? reason = null) => Requires(
        options => options.Optimizer != Optimizer.Lbfgs || isNeutral(get(options)),
        _ => $"{neutral} with Optimizer.Lbfgs{(reason is null ? "" : ", " + reason)}");

    /// <summary>Says what a null means.</summary>
    /// <param name="defaultText">As docs/features.md says it.</param>
    /// <param name="resolve">What it becomes; null where a null is a value by itself, or becomes one elsewhere.</param>
    public OptionDefinition<T> WhenOpen(string defaultText, Func<Options, TrainingFacts, T>? resolve = null)
    {
        DefaultText = defaultText;
        _resolve = resolve;
        return this;
    }

    /// <summary>Says what every value becomes, a null included.</summary>
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

namespace MnistMlNet.Reporting;

/// <summary>The options of <see cref="TrainingReport.Create"/>.</summary>
public sealed class TrainingReportOptions
{
    /// <summary>Gets or sets the heading of the page, and its title in the browser.</summary>
    /// <value>Null, the default, for a heading that names the task.</value>
    public string? Title { get; set; }

    /// <summary>Gets or sets a paragraph below the heading.</summary>
    /// <value>Null, the default, for one that describes the network and the data.</value>
    public string? Introduction { get; set; }

    /// <summary>Gets or sets the column of the test data with the true values.</summary>
    /// <value>Null, the default, for the label column of the training.</value>
    public string? LabelColumnName { get; set; }

    /// <summary>Gets or sets the width of the images that the features are, in pixels; row by row, one grey value a feature.</summary>
    /// <value>
    /// Null, the default, to find it: by <see cref="ImageHeight"/>; or, if that is null too, features without names whose number is a
    /// square of at least 64 are square images, and all others are none.
    /// </value>
    public int? ImageWidth { get; set; }

    /// <summary>Gets or sets the height of the images that the features are, in pixels; see <see cref="ImageWidth"/>.</summary>
    /// <value>Null, the default, to find it.</value>
    public int? ImageHeight { get; set; }

    /// <summary>Gets or sets the maximum number of mistakes to show.</summary>
    /// <value>0 or above. The default is 24.</value>
    public int MaxMistakes { get; set; } = 24;

    /// <summary>Gets or sets how often each feature is shuffled to measure its importance.</summary>
    /// <value>1 or above, or 0 to leave the importance out. The default is 5.</value>
    public int PermutationCount { get; set; } = 5;

    /// <summary>Gets or sets the maximum number of test rows that are used to measure the importance of features.</summary>
    /// <value>1 or above. The default is 1,000. The rows are spread evenly over the test data.</value>
    public int MaxImportanceRows { get; set; } = 1000;

    /// <summary>Gets or sets further sections, such as the origin of the data; they are placed before the options.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<ReportSection> AdditionalSections { get; set; } = [];

    /// <summary>Gets or sets the time of the report, which its last line gives in UTC.</summary>
    /// <value>Null, the default, for no time; then the same model and data give the same page on the same machine.</value>
    public DateTimeOffset? Written { get; set; }

    internal void Check()
    {
        CheckNumber(MaxMistakes, 0, nameof(MaxMistakes));
        CheckNumber(PermutationCount, 0, nameof(PermutationCount));
        CheckNumber(MaxImportanceRows, 1, nameof(MaxImportanceRows));
        CheckNumber(ImageWidth ?? 1, 1, nameof(ImageWidth));
        CheckNumber(ImageHeight ?? 1, 1, nameof(ImageHeight));
    }

    private static void CheckNumber(int value, int minimum, string name)
    {
        if (value < minimum)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be {minimum} or above.");
        }
    }
}

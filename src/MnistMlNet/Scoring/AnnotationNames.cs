namespace MnistMlNet.Scoring;

/// <summary>The names and values by which ML.NET's evaluators find score columns; ML.NET keeps its own constants internal.</summary>
internal static class AnnotationNames
{
    public const string KeyValues = "KeyValues";
    public const string SlotNames = "SlotNames";
    public const string TrainingLabelValues = "TrainingLabelValues";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreValueKind = "ScoreValueKind";
    public const string MulticlassClassification = "MulticlassClassification";
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";
}

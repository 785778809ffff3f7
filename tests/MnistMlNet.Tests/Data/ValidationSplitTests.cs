using MnistMlNet.Data;

namespace MnistMlNet.Tests.Data;

public class ValidationSplitTests
{
    // ⌊f n + ½⌋ of each class: of 100, 45, 10, 2 and 1 rows at 0.3 that is 30, 14 (13.5 + ½), 3, 1 and 0.
    [Fact]
    public void The_same_fraction_of_every_class_is_held_back_rounded_and_never_all_of_it()
    {
        int[] counts = [100, 45, 0, 10, 2, 1];
        int[] labels = [.. counts.SelectMany((count, c) => Enumerable.Repeat(c, count))];
        new Random(1).Shuffle(labels);

        ValidationSplit split = ValidationSplit.Stratified(labels, counts.Length, 0.3f, seed: 7),
            most = ValidationSplit.Stratified(labels, counts.Length, 0.999f, seed: 7);

        int[] Counts(int[] rows) => [.. Enumerable.Range(0, counts.Length).Select(c => rows.Count(r => labels[r] == c))];
        Assert.Equal([30, 14, 0, 3, 1, 0], Counts(split.Validation));
        Assert.Equal(Enumerable.Range(0, labels.Length), split.Training.Concat(split.Validation).Order());      // each row once
        Assert.Equal(split.Training.Order(), split.Training);
        Assert.Equal([1, 1, 0, 1, 1, 1], Counts(most.Training));
    }

    [Fact]
    public void The_seed_decides_which_rows_they_are()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(r => r % 2)];

        Assert.Equal(ValidationSplit.Stratified(labels, 2, 0.2f, 1).Validation, ValidationSplit.Stratified(labels, 2, 0.2f, 1).Validation);
        Assert.NotEqual(ValidationSplit.Stratified(labels, 2, 0.2f, 1).Validation,
            ValidationSplit.Stratified(labels, 2, 0.2f, 2).Validation);
    }

    [Fact]
    public void A_validation_fraction_of_no_row_is_refused_with_fraction_and_rows()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            ValidationSplit.Stratified([0, 1, 0, 1], 2, 0.125f, 1));

        Assert.Equal(
            "ValidationFraction is 0.125; of 4 rows that holds back none of any class. A larger share, or more rows, are expected.",
            e.Message);
    }
}

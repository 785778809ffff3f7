namespace MnistMlNet.Primitives;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>Gives the name with the fewest edits from <paramref name="given"/>, without regard to case.</summary>
    /// <returns>Null where each would need to change more than a third of the letters. Of equally near names the first.</returns>
    public static string? Of(string given, IEnumerable<string> names)
    {
        int limit = Math.Max(1, given.Length / 3);

        // The distance is at least the difference of the lengths, so a long name costs nothing.
        return names.Where(name => Math.Abs(name.Length - given.Length) <= limit)
            .Select(name => (Name: name, Distance: Distance(given.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(pair => pair.Distance <= limit)
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.Name)
            .FirstOrDefault();
    }

    // Levenshtein's distance: inserted, removed and replaced letters.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int replaced = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], row[j + 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

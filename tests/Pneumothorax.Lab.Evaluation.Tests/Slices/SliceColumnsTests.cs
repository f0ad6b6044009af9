using Pneumothorax.Lab.Evaluation.Slices;

namespace Pneumothorax.Lab.Evaluation.Tests.Slices;

public sealed class SliceColumnsTests
{
    private static readonly byte[] s_labels = [0, 0, 0, 0, 1, 1, 1, 1];

    [Fact]
    public void FewWords_AreSlicesAsTheyAre_AndWhatIsNotRecordedIsOneMore()
    {
        var (slices, leftOut) = Cut("view", "AP", "PA", null, "PA", "AP", "AP", "PA", "PA");

        Assert.Equal(["View: AP", "View: PA", "View: not recorded"], slices.Select(slice => slice.Title));
        Assert.All(slices, slice => Assert.Equal(SliceNegatives.Own, slice.Negatives));
        Assert.Equal(s_labels.Length, slices.Sum(slice => slice.Inside.Count(mark => mark)));
        Assert.Empty(leftOut);
    }

    [Fact]
    public void KnownOfPositivesOnly_IsRankedAgainstAllNegatives_InItsNaturalOrder()
    {
        var (slices, _) = Cut("size", null, null, null, null, "large", "small", "medium", "small");

        Assert.Equal(["small", "medium", "large"], slices.Select(slice => slice.Value));
        Assert.All(slices, slice => Assert.Equal(SliceNegatives.All, slice.Negatives));
    }

    [Fact]
    public void Drain_IsOfTheSick_EvenWhereTheHealthyHaveOne() =>
        Assert.All(Cut("drain", "no", "no", "no", "yes", "yes", "no", "yes", "yes").Slices, slice => Assert.Equal(SliceNegatives.All, slice.Negatives));

    [Theory]
    [InlineData("17", "under 18")]
    [InlineData("18", "18 to under 40")]
    [InlineData("058Y", "40 to under 60")]
    [InlineData("80", "80 and over")]
    public void Age_GoesIntoBands(string age, string band)
    {
        var (slices, _) = Cut("age", "30", "50", age, "70", "30", "50", "70", "90");

        Assert.True(slices.Single(slice => slice.Value == band).Inside[2]);
    }

    [Fact]
    public void ManyNumbers_GoIntoBandsOfEqualNumber()
    {
        var (slices, _) = Cut("dose", "1", "2", "3", "4", "5", "6", "7", "8.5");

        Assert.Equal(4, slices.Count);
        Assert.All(slices, slice => Assert.Equal(2, slice.Inside.Count(mark => mark)));
    }

    [Fact]
    public void ListsOfFindings_GiveASliceEach_ThatMayOverlap()
    {
        var (slices, _) = Cut("other_findings", "Effusion", "Effusion|Mass", null, "Mass", "Effusion", "Nodule", "Nodule", "Mass, Effusion");

        Assert.Equal(["Effusion", "Mass", "Nodule", "not recorded"], slices.Select(slice => slice.Value));
        Assert.Equal([4, 3, 2, 1], slices.Select(slice => slice.Inside.Count(mark => mark)));
        Assert.Equal("Other findings", slices[0].Column);
    }

    [Fact]
    public void NamesAndNotes_AreLeftOut_AndSaidSo()
    {
        byte[] labels = [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))];
        var (slices, leftOut) = SliceColumns.Of(
            [new("patient", [.. labels.Select((_, i) => $"{i}")]), new("accession", [.. labels.Select((_, i) => $"x{i}")]), new("hospital", [.. labels.Select(_ => "one")])], labels);

        Assert.Empty(slices);
        Assert.Equal(["Accession (20 different values)"], leftOut);
    }

    private static (IReadOnlyList<Slice> Slices, IReadOnlyList<string> LeftOut) Cut(string key, params string?[] values) => SliceColumns.Of([new(key, values)], s_labels);
}

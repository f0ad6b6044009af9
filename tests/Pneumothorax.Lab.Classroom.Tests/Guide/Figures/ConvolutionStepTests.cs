using Pneumothorax.Lab.Classroom.Guide.Figures;

namespace Pneumothorax.Lab.Classroom.Tests.Guide.Figures;

public sealed class ConvolutionStepTests
{
    // Rows 0 1 2 3, 10 11 12 13, 20 ...: every value says where it stands.
    private static readonly PreparedImage s_image = new(4, [.. Enumerable.Range(0, 16).Select(i => (float)(i / 4 * 10 + i % 4))]);
    private static readonly Kernel s_edge = Kernel.ByHand[0];

    [Fact]
    public void Step_InTheMiddle_IsTheSumThatAHandFinds()
    {
        var step = ConvolutionStep.Of(s_image, s_edge, 1, 1);

        Assert.Equal([0, 1, 2, 10, 11, 12, 20, 21, 22], step.Patch);
        Assert.Equal([0, 0, 2, -20, 0, 24, -20, 0, 22], step.Products);
        Assert.Equal((8f, 8f), (step.Sum, step.Answer));
    }

    [Fact]
    public void Step_AtTheCorner_MeetsZerosOutside()
    {
        var step = ConvolutionStep.Of(s_image, s_edge, 0, 0);

        Assert.Equal([0, 0, 0, 0, 0, 1, 0, 10, 11], step.Patch);
        Assert.Equal(2 * 1 + 11, step.Sum);
    }

    [Fact]
    public void Step_OfANegativeSum_AnswersZero()
    {
        var right = ConvolutionStep.Of(s_image, s_edge, 1, 3);      // bright on the left, nothing on the right

        Assert.True(right.Sum < 0);
        Assert.Equal(0, right.Answer);
    }

    [Fact]
    public void Everywhere_IsTheStepAtEachPlace()
    {
        var map = ConvolutionStep.Everywhere(s_image, s_edge);

        for (var i = 0; i < 16; i++) Assert.Equal(ConvolutionStep.Of(s_image, s_edge, i / 4, i % 4).Answer, map.Values[i]);
    }

    [Theory]
    [InlineData(0, 0, new float[] { 0, 1, 10, 11 })]
    [InlineData(1, 1, new float[] { 0, 1, 10, 11 })]
    [InlineData(3, 2, new float[] { 22, 23, 32, 33 })]
    public void Square_IsTheOneThatThePlaceBelongsTo(int row, int column, float[] expected) =>
        Assert.Equal(expected, ConvolutionStep.Square(s_image, row, column));

    [Fact]
    public void PreparedImage_Standardised_HasMeanZeroAndSpreadOne()
    {
        var pixels = Enumerable.Range(0, 256 * 256).Select(i => (byte)(i % 251)).ToArray();

        var image = PreparedImage.Of(pixels, 128, standardise: true);

        Assert.Equal(0, image.Values.Average(), 4);
        Assert.Equal(1, image.Values.Average(value => value * value), 3);
    }

    [Fact]
    public void PreparedImage_Shrunk_TakesTheMeanOfTwoByTwo()
    {
        var pixels = new byte[256 * 256];
        (pixels[0], pixels[1], pixels[256], pixels[257]) = (10, 20, 30, 40);

        Assert.Equal(25, PreparedImage.Of(pixels, 128, standardise: false).Values[0]);
    }

    [Fact]
    public void PreparedImage_OfOneGrey_StandardisesToZeros() =>
        Assert.All(PreparedImage.Of([.. Enumerable.Repeat((byte)90, 256 * 256)], 128, standardise: true).Values, value => Assert.Equal(0, value));
}

using System.Globalization;
using Pneumothorax.Lab.Experiments.Networks;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Tasks about shapes and numbers of weights.</summary>
public static class NetworkTasks
{
    public static FreeTask Parameters { get; } = new("parameters", "Count the weights of a layer", dice =>
    {
        var place = dice.Below(NetworkSpec.Lab.Blocks.Count);
        var second = dice.Below(2) == 1;
        var block = NetworkSpec.Lab.Blocks[place];
        var (kernel, to) = (block.Kernel, block.Channels);
        var from = second ? to : place == 0 ? 1 : NetworkSpec.Lab.Blocks[place - 1].Channels;
        long weights = (long)kernel * kernel * from * to, all = weights + to;
        var what = $"{(second ? "second" : "first")} convolution of block {place + 1}";
        return new()
        {
            About = $"network lab, {what}",
            Ask = $"<p>The {what} in the Lab network takes maps of {from} channel{(from == 1 ? "" : "s")} and outputs {to}, with kernels of {kernel} × {kernel} and a bias for each. How many parameters does it have?</p>",
            Fields = [new("Parameters")],
            Check = typed => Typed.Whole(typed[0]) switch
            {
                null => Verdict.Miss("A whole number is needed."),
                var number when number == all => Verdict.Right,
                var number when number == weights => Verdict.Miss("Those are the weights of the kernels. Each output channel has a bias as well."),
                var number when number == (long)kernel * kernel * to + to || number == (long)kernel * kernel * to => Verdict.Miss("A kernel covers all input channels, not only one."),
                _ => Verdict.Miss(""),
            },
            Hint = "One kernel has height × width × input channels weights. There is one kernel and one bias for each output channel.",
            Answer = string.Create(CultureInfo.InvariantCulture, $"{all:#,##0}"),
            Explanation = string.Create(CultureInfo.InvariantCulture,
                $"<p>One kernel: {kernel} × {kernel} × {from} = {kernel * kernel * from:#,##0} weights. There are {to} of them, so {weights:#,##0}, and {to} biases: {all:#,##0} in total.</p>"),
        };
    });

    /// <summary>Student cell: extract feature maps and dense weights, and print their shapes.</summary>
    public static ModelTask Shapes { get; } = new("shapes", "Name the shapes", (dice, model) =>
    {
        var (channels, side) = (model.Evaluation.File.MapChannels, model.Evaluation.File.MapSize);
        // No axis has the length of another, or the shape would not tell which is which.
        var images = dice.One(Enumerable.Range(3, 13).Where(count => count != side && count != channels).ToList());
        var network = NetworkSpec.All.FirstOrDefault(spec => spec.Name == model.Evaluation.File.Info.Network);
        return new()
        {
            About = $"{model.Name}, {images} images",
            Ask = $"<p>A batch of {images} X-rays goes through the current model, {model.Name}. What is the shape of the last feature maps, with all four axes? And what is the shape of the dense weights that turn them into two logits?</p>",
            Fields = [new("Feature maps", Example: "1 × 2 × 3 × 4"), new("Dense weights", Example: "1 × 2")],
            Check = typed =>
            {
                if (Typed.Wholes(typed[0]) is not { } maps || Typed.Wholes(typed[1]) is not { } weights) return Verdict.Miss("Write each shape as numbers with × between them.");
                if (maps.Count != 4) return Verdict.Miss($"A batch of feature maps has four axes; you named {maps.Count}.");
                if (!maps.Contains(images)) return Verdict.Miss($"There are {images} images, and each has its own feature maps.");
                // PyTorch puts the channels before height and width, TensorFlow after them.
                var mapsRight = maps.SequenceEqual([images, channels, side, side]) || maps.SequenceEqual([images, side, side, channels]);
                var weightsRight = weights.SequenceEqual([channels, 2]) || weights.SequenceEqual([2, channels]);
                return (mapsRight, weightsRight) switch
                {
                    (true, true) => Verdict.Right,
                    (true, false) => Verdict.Miss("The feature maps are right. The weights connect every channel with both classes."),
                    (false, true) => Verdict.Miss($"The weights are right. Every block halves the side; this network starts with {network?.InputSize ?? side << 4}."),
                    _ => Verdict.Miss(""),
                };
            },
            Hint = "The facts of the run name its network, and chapter 3 shows it. The last feature maps are the output of the fourth block, before the average.",
            Answer = $"{images} × {channels} × {side} × {side}, and {channels} × 2.",
            Explanation = $"<p>The fourth block of this network outputs {channels} maps of {side} × {side} for each of the {images} images: {images} × {channels} × {side} × {side} (TensorFlow, which the exercise was written for, puts the channels last). Averaging leaves {channels} numbers per image; {channels} × 2 weights turn them into two logits.</p>",
        };
    });
}

using System.Globalization;
using System.Net;
using Pneumothorax.Lab.Datasets;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Tasks about the images and their labels.</summary>
public static class DataTasks
{
    /// <summary>Student cell of the exercise: create the data set and print how many images it has.</summary>
    public static DataTask CountImages { get; } = new("count-images", "Count the images", (dice, set) =>
    {
        var split = dice.One(SplitNames.All.Where(set.Has).ToList());
        var counts = set.Manifest.UsedSplits.ToDictionary(used => used.Split);
        var (train, test, ill) = (counts[SplitName.Train].Images, counts[SplitName.Test].Images, counts[split].Positives);
        var (file, word) = (set[SplitName.Train].Count, Word(split));
        return new()
        {
            About = $"{set.Manifest.Name}, {split.Word()} split",
            Ask = $"<p>How many images of “{WebUtility.HtmlEncode(set.Manifest.Title)}” is a network trained on, and how many is it tested on? And how many of the {word} images HAVE a pneumothorax?</p>",
            Fields = [new("Training images"), new("Test images"), new($"{char.ToUpperInvariant(word[0])}{word[1..]} images that HAVE it")],
            Check = typed => (Typed.Whole(typed[0]), Typed.Whole(typed[1]), Typed.Whole(typed[2])) switch
            {
                (null, _, _) or (_, null, _) or (_, _, null) => Verdict.Miss("Three whole numbers are needed."),
                var (a, b, c) when a == train && b == test && c == ill => Verdict.Right,
                var (a, b, _) when a == test && b == train => Verdict.Miss("The first two have changed places."),
                var (a, _, _) when a == file && file != train => Verdict.Miss(string.Create(CultureInfo.InvariantCulture, $"{file:#,##0} is the whole training file. {file - train:#,##0} of its images are held out for validation, and no network is trained on them.")),
                var (a, b, _) when a == train && b == test => Verdict.Miss($"The first two are right. The third counts the {word} images with a 1 in column 1."),
                _ => Verdict.Miss("Those are not the numbers of this data set."),
            },
            Hint = "The table on this page has a row for each split. The third number is in the column HAS.",
            Answer = string.Create(CultureInfo.InvariantCulture, $"{train:#,##0} training images, {test:#,##0} test images; {ill:#,##0} of the {word} images HAVE it."),
            Explanation = string.Create(CultureInfo.InvariantCulture,
                $"<p>The array <code>image</code> of the training file has {file:#,##0} rows{(file == train ? "" : $", of which {file - train:#,##0} are held out for validation and {train:#,##0} remain for training")}. The array of the test file has {test:#,##0}. The sum of column 1 of <code>label</code> is the number of images that HAVE it: {ill:#,##0} of the {word} images.</p>"),
        };
    });

    /// <summary>Student cell: see an image with its label; here the label as the file stores it.</summary>
    public static DataTask ReadLabels { get; } = new("read-labels", "Read the labels", (dice, set) =>
    {
        var train = set[SplitName.Train];
        var images = ThreeOfBothClasses(dice, train);
        string Row(int image) => train.HasPneumothorax(image) ? "[0, 1]" : "[1, 0]";
        return new()
        {
            About = $"{set.Manifest.Name}, training images {string.Join(", ", images)}",
            Ask = $"<p>Open the training images {Link(0)}, {Link(1)} and {Link(2)}. Write the row of two numbers that the file stores for each.</p>",
            Fields = [.. images.Select(image => new TaskField($"Label of image {image}", Example: "[ , ]"))],
            Check = typed =>
            {
                for (var i = 0; i < images.Count; i++)
                {
                    var has = train.HasPneumothorax(images[i]);
                    if (Typed.Wholes(typed[i]) is not [var first, var second]) return Verdict.Miss($"Image {images[i]} needs two numbers, such as those in the brackets in the viewer.");
                    if ((first, second) == (has ? (0, 1) : (1, 0))) continue;
                    return Verdict.Miss(first + second != 1
                        ? $"The row of image {images[i]} contains exactly one 1."
                        : $"Image {images[i]} {(has ? "HAS a" : "DOES NOT have a")} pneumothorax: which column contains the 1?");
                }
                return Verdict.Right;
            },
            Hint = "Count the columns from 0. Column 0 means “does not have it”, column 1 means HAS.",
            Answer = string.Join("; ", images.Select(image => $"image {image}: {Row(image)}")) + ".",
            Explanation = $"<p>The position of the 1 is the class. {string.Join(" ", images.Select(image => $"Image {image} {(train.HasPneumothorax(image) ? "HAS it, so the 1 is in column 1" : "does not have it, so the 1 is in column 0")}: <code>{Row(image)}</code>."))}</p>",
        };

        string Link(int i) => $"<a href=\"/data/{set.Manifest.Name}?split=train&amp;index={images[i]}\">{images[i]}</a>";
    });

    /// <summary>What steps and batches mean on this data set.</summary>
    public static DataTask Epochs { get; } = new("epochs", "Count how often each image is shown", (dice, set) =>
    {
        var split = set[SplitName.Train];
        var (batch, steps) = (dice.One([8, 12, 15, 20, 24, 32]), 50 * (3 + dice.Below(18)));
        var (learned, all) = (split.TrainingRows.Count, split.Count);
        var epochs = (double)steps * batch / learned;
        return new()
        {
            About = $"{set.Manifest.Name}, {steps} steps of {batch}",
            Ask = $"<p>A run on “{WebUtility.HtmlEncode(set.Manifest.Title)}” takes {steps} steps with batches of {batch} images. How many times is each training image shown, on average?</p>",
            Fields = [new("Epochs", Example: "1.25")],
            Check = typed => Typed.Number(typed[0]) switch
            {
                null => Verdict.Miss("A number is needed, such as 1.25."),
                { } number when Math.Abs(number - epochs) <= Math.Max(0.05, 0.01 * epochs) => Verdict.Right,
                { } number when learned != all && Typed.IsNear(number, (double)steps * batch / all) =>
                    Verdict.Miss($"{all - learned} of the {all} images of the training file are held out for validation and never used for training."),
                { } number when Typed.IsNear(number, steps / (double)batch) || Typed.IsNear(number, (double)steps / learned) => Verdict.Miss("Every step shows a whole batch."),
                _ => Verdict.Miss(""),
            },
            Hint = "Count the images shown in all steps together, and divide by the number of training images, without those held out for validation.",
            Answer = string.Create(CultureInfo.InvariantCulture, $"{epochs:0.00} epochs."),
            Explanation = string.Create(CultureInfo.InvariantCulture,
                $"<p>{steps} steps × {batch} images = {steps * batch:#,##0} images shown. There are {learned:#,##0} training images ({all - learned:#,##0} of the {all:#,##0} are held out), so each is shown {steps * batch:#,##0} / {learned:#,##0} = {epochs:0.00} times.</p>"),
        };
    });

    /// <summary>Two alike and one unlike, so that no row of ones and zeros passes three times.</summary>
    private static IReadOnlyList<int> ThreeOfBothClasses(Dice dice, ImageSplit split)
    {
        List<int> has = [], not = [];
        for (var image = 0; image < split.Count; image++) (split.HasPneumothorax(image) ? has : not).Add(image);
        if (has.Count == 0 || not.Count == 0 || split.Count < 3)
            throw new InvalidDataException("it needs three training images, some with and some without a pneumothorax.");
        // Two must come from where there are two.
        var prefersHas = dice.Below(2) == 0;
        var (many, one) = not.Count < 2 || (prefersHas && has.Count > 1) ? (has, not) : (not, has);
        return dice.Shuffled(dice.Shuffled(many).Take(2).Concat(dice.Shuffled(one).Take(1)));
    }

    private static string Word(SplitName split) => split switch
    {
        SplitName.Train => "training",
        SplitName.Validation => "validation",
        _ => "test",
    };
}

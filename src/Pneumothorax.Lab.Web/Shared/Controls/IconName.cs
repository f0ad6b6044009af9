namespace Pneumothorax.Lab.Web.Shared.Controls;

/// <summary>Every drawing that <see cref="Icon"/> knows.</summary>
public enum IconName
{
    Check, Plus, Minus, ChevronLeft, ChevronRight, ChevronUp, ChevronDown, ArrowLeft, ArrowRight, Menu, Close,
    Copy, Stop, Play, Pause, Download, Table, Pin, Sun, Moon, Info, Bulb, Link, Trash, People, Person, Warning, Eye, Reset, Comment, ToFront,
    Running, Queued, Completed, Interrupted, Failed, Canceled,
}
